import { BoundedMap } from '../../../core/cache/bounded-map.js';

const DAY_MS = 86_400_000;
const ZONES_MAX = 100;

const formats = new BoundedMap<string, Intl.DateTimeFormat>(ZONES_MAX);

/** A period in which a zone's UTC offset is constant. */
export interface ZoneStretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** Local time minus UTC. */
  readonly offsetMs: number;
}

/** Splits a period where the UTC offset changes. Assumes at most one change a day. */
export function stretchesOf(timeZone: string, fromMs: number, toMs: number): ZoneStretch[] {
  const stretches: ZoneStretch[] = [];
  let startMs = fromMs;
  let offsetMs = offsetAt(timeZone, fromMs);
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    const nextMs = Math.min(dayMs + DAY_MS, toMs);
    const nextOffsetMs = offsetAt(timeZone, nextMs);
    if (nextOffsetMs === offsetMs) continue;
    const changeMs = changeBetween(timeZone, dayMs, nextMs, offsetMs);
    stretches.push({ fromMs: startMs, toMs: changeMs, offsetMs });
    startMs = changeMs;
    offsetMs = nextOffsetMs;
  }
  return [...stretches, { fromMs: startMs, toMs, offsetMs }];
}

/** The first second with another offset, by binary search. */
function changeBetween(timeZone: string, beforeMs: number, afterMs: number, offsetBeforeMs: number): number {
  let low = Math.floor(beforeMs / 1_000);
  let high = Math.ceil(afterMs / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle * 1_000) === offsetBeforeMs) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

function offsetAt(timeZone: string, instantMs: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')!.value;
  // `GMT`, `GMT-05:00`, or before standard time `GMT+00:53:28`.
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -ms : ms;
}

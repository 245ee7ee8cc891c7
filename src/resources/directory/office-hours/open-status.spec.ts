import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStatusAt, openIntervals, type Schedule } from './open-status.js';
import { DAYS_OF_WEEK, type Shift } from './shift.js';

type Line = `${keyof typeof DAYS_OF_WEEK} ${string}-${string}`;

/** `schedule('Europe/Berlin', 'monday 09:00-17:00')` */
function schedule(iana_timezone: string, ...lines: Line[]): Schedule {
  const shifts = lines.map((line) => {
    const [, day, start, end] = /^(\w+) (\S+)-(\S+)$/.exec(line)!;
    return { day_of_week: day, start_time: `${start}:00`, end_time: `${end}:00` } as Shift;
  });
  return { iana_timezone, shifts };
}

function statusOf(given: Schedule, at: string): string {
  const { isOpen, nextChangeAtMs } = openStatusAt(given, Date.parse(at));
  const until = nextChangeAtMs === null ? 'for good' : `until ${new Date(nextChangeAtMs).toISOString().slice(0, -8)}Z`;
  return `${isOpen ? 'open' : 'closed'} ${until}`;
}

const WEEKDAYS = schedule('UTC', 'monday_to_friday 09:00-17:00');
const BERLIN = schedule('Europe/Berlin', 'everyday 09:00-17:00');

describe('openStatusAt', () => {
  // 2026-11-20 is a Friday.
  it.each([
    ['within a shift', WEEKDAYS, '2026-11-20T12:00:00Z', 'open until 2026-11-20T17:00Z'],
    ['on the last day of year 9999', WEEKDAYS, '9999-12-31T20:00:00Z', 'closed for good'],
    ['at its first instant', WEEKDAYS, '2026-11-20T09:00:00Z', 'open until 2026-11-20T17:00Z'],
    ['just before it', WEEKDAYS, '2026-11-20T08:59:59.999Z', 'closed until 2026-11-20T09:00Z'],
    ['just before its end', WEEKDAYS, '2026-11-20T16:59:59.999Z', 'open until 2026-11-20T17:00Z'],
    ['at its end', WEEKDAYS, '2026-11-20T17:00:00Z', 'closed until 2026-11-23T09:00Z'],
    ['at the weekend', WEEKDAYS, '2026-11-21T12:00:00Z', 'closed until 2026-11-23T09:00Z'],
    [
      'overlapping shifts count as one',
      schedule('UTC', 'friday 09:00-13:00', 'friday 12:00-17:00', 'everyday 10:00-11:00'),
      '2026-11-20T09:30:00Z',
      'open until 2026-11-20T17:00Z',
    ],
    [
      'adjoining shifts count as one',
      schedule('UTC', 'friday 13:00-17:00', 'friday 09:00-13:00'),
      '2026-11-20T09:30:00Z',
      'open until 2026-11-20T17:00Z',
    ],
    [
      'a night is two shifts',
      schedule('UTC', 'friday 22:00-24:00', 'saturday 00:00-06:00'),
      '2026-11-20T23:00:00Z',
      'open until 2026-11-21T06:00Z',
    ],
    ['open round the clock', schedule('UTC', 'everyday 00:00-24:00'), '2026-11-20T12:00:00Z', 'open for good'],
    ['without shifts', schedule('UTC'), '2026-11-20T12:00:00Z', 'closed for good'],
    [
      'sunday is in saturday_to_sunday',
      schedule('UTC', 'saturday_to_sunday 10:00-11:00'),
      '2026-11-21T11:00:00Z',
      'closed until 2026-11-22T10:00Z',
    ],
    [
      'saturday is in monday_to_saturday, sunday is not',
      schedule('UTC', 'monday_to_saturday 10:00-11:00'),
      '2026-11-21T11:00:00Z',
      'closed until 2026-11-23T10:00Z',
    ],
    [
      'the local day counts, east of Greenwich',
      schedule('Asia/Tokyo', 'saturday 00:00-01:00'),
      '2026-11-20T15:30:00Z',
      'open until 2026-11-20T16:00Z',
    ],
    [
      'the local day counts, west of it',
      schedule('Pacific/Honolulu', 'friday 23:00-24:00'),
      '2026-11-21T09:30:00Z',
      'open until 2026-11-21T10:00Z',
    ],
    ['in winter', BERLIN, '2026-03-28T07:30:00Z', 'closed until 2026-03-28T08:00Z'],
    ['across the change to summer time', BERLIN, '2026-03-28T20:00:00Z', 'closed until 2026-03-29T07:00Z'],
    ['across the change to winter time', BERLIN, '2026-10-24T20:00:00Z', 'closed until 2026-10-25T08:00Z'],
    [
      'a shift in the hour that spring skips comes a week later',
      schedule('Europe/Berlin', 'sunday 02:15-02:45'),
      '2026-03-29T00:00:00Z',
      'closed until 2026-04-05T00:15Z',
    ],
    [
      'a shift that ends in the skipped hour ends where the hour is skipped',
      schedule('Europe/Berlin', 'sunday 01:00-02:30'),
      '2026-03-29T00:30:00Z',
      'open until 2026-03-29T01:00Z',
    ],
    [
      'a shift in the hour that autumn repeats comes twice',
      schedule('Europe/Berlin', 'sunday 02:00-02:30'),
      '2026-10-25T00:30:00Z',
      'closed until 2026-10-25T01:00Z',
    ],
    [
      'a whole day with summer time’s end lasts 25 hours',
      schedule('Europe/Berlin', 'sunday 00:00-24:00'),
      '2026-10-24T22:00:00Z',
      'open until 2026-10-25T23:00Z',
    ],
    [
      'clocks that change by half an hour',
      schedule('Australia/Lord_Howe', 'everyday 09:00-17:00'),
      '2026-10-03T12:00:00Z',
      'closed until 2026-10-03T22:00Z',
    ],
  ])('%s', (_name, given, at, expected) => {
    expect(statusOf(given, at)).toBe(expected);
  });

  it('agrees with the local clock at every quarter of an hour', () => {
    const quarters = fc.integer({ min: 0, max: 95 });
    const shift = fc.tuple(fc.constantFrom(...Object.keys(DAYS_OF_WEEK)), quarters, quarters).map(
      ([day_of_week, one, other]) =>
        ({
          day_of_week,
          start_time: timeOf(Math.min(one, other)),
          end_time: timeOf(Math.max(one, other) + 1),
        }) as Shift,
    );
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'America/Nuuk');
    // Days around the DST changes of these zones.
    const day = fc.constantFrom('2026-03-05', '2026-03-27', '2026-10-23', '2026-10-30', '2026-07-01');
    fc.assert(
      fc.property(zone, fc.array(shift, { maxLength: 4 }), day, quarters, (iana_timezone, shifts, date, quarter) => {
        const given = { iana_timezone, shifts };
        const atMs = Date.parse(`${date}T00:00:00Z`) + quarter * QUARTER_MS;
        expect(openStatusAt(given, atMs)).toEqual(statusByTheClock(given, atMs));
      }),
      { numRuns: 60 },
    );
  });
});

describe('openIntervals', () => {
  it('are cut at both ends of the period', () => {
    const day = (hour: number) => Date.UTC(2026, 10, 20, hour);
    const given = schedule('UTC', 'everyday 08:00-12:00', 'everyday 13:00-17:00');
    expect(openIntervals(given, day(10), day(15))).toEqual([
      { startMs: day(10), endMs: day(12) },
      { startMs: day(13), endMs: day(15) },
    ]);
    expect(openIntervals(given, day(18), day(20))).toEqual([]);
  });
});

const QUARTER_MS = 900_000;
const LOOK_AHEAD_MS = 21 * 86_400_000;

function timeOf(quarter: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}:00`;
}

/** The same result by brute force: reads the local clock at every quarter of an hour. */
function statusByTheClock({ iana_timezone, shifts }: Schedule, atMs: number) {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: iana_timezone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const isOpenAt = (instantMs: number) => {
    const parts = Object.fromEntries(clock.formatToParts(instantMs).map(({ type, value }) => [type, value]));
    const time = `${parts['hour']}:${parts['minute']}:${parts['second']}`;
    const [day] = DAYS_OF_WEEK[parts['weekday']!.toLowerCase() as 'sunday'];
    return shifts.some(
      ({ day_of_week, start_time, end_time }) =>
        (DAYS_OF_WEEK[day_of_week] as readonly number[]).includes(day) && start_time <= time && time < end_time,
    );
  };
  const isOpen = isOpenAt(atMs);
  for (let instantMs = atMs; instantMs < atMs + LOOK_AHEAD_MS; instantMs += QUARTER_MS) {
    if (isOpenAt(instantMs) !== isOpen) return { isOpen, nextChangeAtMs: instantMs };
  }
  return { isOpen, nextChangeAtMs: null };
}

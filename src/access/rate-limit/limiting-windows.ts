import type { Charge, RateWindow } from './rate-window.js';

const NONE: readonly number[] = [];

/**
 * Indexes of the shared windows that limit a caller before its own windows do, or that refused it. The others aren't
 * shown: they would reveal the traffic of other callers.
 */
export function limitingShared(windows: readonly RateWindow[], { standings, refusedBy }: Charge): readonly number[] {
  let own = Infinity;
  let limiting: number[] | undefined;
  for (let index = 0; index < windows.length; index++) {
    const { remaining } = standings[index]!;
    if (windows[index]!.isShared !== true) own = Math.min(own, remaining);
    else if (remaining < own || windows[index] === refusedBy) (limiting ??= []).push(index);
  }
  return limiting ?? NONE;
}

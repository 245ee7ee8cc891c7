const TIME_MAX = 2 ** 48 - 1;

/** The smallest UUID v7 of a millisecond. The ids of entries carry their time. */
export function firstIdOf(ms: number): string {
  const time = Math.min(Math.max(Math.ceil(ms), 0), TIME_MAX)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The milliseconds since 1970 in a UUID v7. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

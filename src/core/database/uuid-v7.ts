import { v7 } from 'uuid';

/**
 * A new UUID version 7 (RFC 9562 section 5.7). Each is greater than the one before it in this process, as text and as
 * bytes, also within a millisecond and when the clock steps back.
 */
export function uuidV7(): string {
  return v7();
}

/**
 * A new UUID version 7 of an earlier time.
 * @param ms since the epoch
 * @param sequence orders the UUIDs of one millisecond; 32 bits
 */
export function uuidV7At(ms: number, sequence: number): string {
  return v7({ msecs: ms, seq: sequence });
}

import { randomFillSync } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const COUNTER_MAX = 0xfff;
const BYTES_OF_RANDOMNESS = 10;

/** Filled for many ids at once, because a call into the generator costs more than its bytes. */
const pool = Buffer.alloc(BYTES_OF_RANDOMNESS * 256);
let poolOffset = pool.length;
let lastMilliseconds = 0;
let counter = 0;

/**
 * A new UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, a counter of 12 bits (section 6.2, method 1)
 * and 62 random bits. Each id is greater than the one before it in this process, as text and as bytes, also when the clock
 * steps back: then the last time is kept, and runs ahead when the counter is full.
 */
export function uuidV7(): string {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const random = poolOffset;
  poolOffset += BYTES_OF_RANDOMNESS;

  const now = Date.now();
  if (now > lastMilliseconds || counter === COUNTER_MAX) {
    lastMilliseconds = Math.max(now, lastMilliseconds + 1);
    // The top bit starts at zero, so that at least 2,048 ids fit in the millisecond.
    counter = pool.readUInt16BE(random) & 0x7ff;
  } else {
    counter++;
  }
  const time = lastMilliseconds.toString(16).padStart(12, '0');
  const tail = pool.toString('hex', random + 2, random + BYTES_OF_RANDOMNESS);
  const version = `7${counter.toString(16).padStart(3, '0')}`;
  // Two bits of the variant, 10, and two random ones.
  const variant = (8 | (pool.readUInt8(random + 2) >> 6)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}

/** Whether a text is a UUID of any version, in either case. Other texts are unknown ids and must not reach a query. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

import type { Measured } from '../bench.ts';
import { p17 } from './bodies.ts';
import { p4 } from './credentials.ts';
import { p9 } from './flooded.ts';
import { p10 } from './last-page.ts';
import { p12, p13, p15 } from './forward-auth.ts';
import { p5 } from './limits-in-redis.ts';
import { p8 } from './many-keys.ts';
import { p7 } from './peers.ts';
import { p1, p2 } from './reading.ts';
import { p16 } from './recording.ts';
import { p11 } from './starting.ts';
import { p14 } from './verify.ts';
import { p3 } from './whoami.ts';
import { p6 } from './writing.ts';

/** In the order of measurement and output. */
export const PROMISES: readonly Measured[] = [
  p1,
  p2,
  p3,
  p4,
  p5,
  p6,
  p7,
  p8,
  p9,
  p10,
  p11,
  p12,
  p13,
  p14,
  p15,
  p16,
  p17,
];

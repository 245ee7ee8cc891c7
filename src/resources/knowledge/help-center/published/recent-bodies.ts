import { Injectable } from '@nestjs/common';
import { RecentReads } from '../../../../core/database/recent-reads.js';
import { CachedBody } from '../../../../core/http/cached-body.js';
import type { Answer } from '../../../../core/wire/answer.js';

const KEPT_MS = 5_000;
const BODIES_MAX = 200;
/** Bounds the memory: 40 MB with the encodings of each. */
const BYTES_MAX = 128 * 1024;

/** What readers of help centers got in the last seconds, so that many readers of one page cost one read. */
@Injectable()
export class RecentBodies extends RecentReads<CachedBody | Answer> {
  constructor() {
    super(KEPT_MS, BODIES_MAX, (body) => body instanceof CachedBody && body.bytes <= BYTES_MAX);
  }
}

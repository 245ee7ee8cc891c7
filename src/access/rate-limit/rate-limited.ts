import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../errors/access.errors.js';
import type { RatePolicy } from './rate-limit-headers.js';

/** 429 that names the full window: `Rate limit exceeded: 100 requests per minute.` */
export function rateLimited(
  { limit, windowSeconds }: Pick<RatePolicy, 'limit' | 'windowSeconds'>,
  retryAfterSeconds: number,
  internal?: object,
): AppError {
  const requests = limit === 1 ? '1 request' : `${limit} requests`;
  const period = windowSeconds === 60 ? 'minute' : 'hour';
  return accessErrors.rate_limited(
    { requests, period },
    { headers: { 'Retry-After': String(retryAfterSeconds) }, internal },
  );
}

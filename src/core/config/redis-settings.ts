import { trimEnd } from '../validation/trim-end.js';
import { parseRedisUrl, type RedisConfig, type RedisLogin } from './redis-url.js';
import type { SettingReader } from './setting-reader.js';

export interface RedisSettings {
  /** Undefined: each process has its own rate limits. */
  readonly redis: RedisConfig | undefined;
  /** Of the sentinels themselves. */
  readonly redisSentinelLogin: RedisLogin;
}

export function redisOf(read: SettingReader): RedisSettings {
  const url = trimEnd(read.text('REDIS_URL', ''), '/');
  const [username, password] = [read.text('REDIS_SENTINEL_USERNAME', ''), read.text('REDIS_SENTINEL_PASSWORD', '')];
  const parsed = url === '' ? undefined : parseRedisUrl(url);
  const redis = parsed !== undefined && 'problem' in parsed ? undefined : parsed;
  if (parsed !== undefined && 'problem' in parsed) read.refuse('REDIS_URL', parsed.problem);
  else if (password !== '' && redis?.kind !== 'sentinel') {
    read.refuse('REDIS_SENTINEL_PASSWORD', 'requires REDIS_URL=redis+sentinel://…');
  }
  if (username !== '' && password === '') read.refuse('REDIS_SENTINEL_USERNAME', 'requires REDIS_SENTINEL_PASSWORD');
  return { redis, redisSentinelLogin: { ...(username && { username }), ...(password && { password }) } };
}

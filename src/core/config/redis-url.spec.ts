import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';

const redisOf = (url: string, more: Record<string, string> = {}) => loadConfig({ REDIS_URL: url, ...more }).redis;
const common = { login: {}, isEncrypted: false };

describe('REDIS_URL', () => {
  it.each([
    'redis://127.0.0.1:6379',
    'redis://localhost',
    'rediss://gatehouse:secret@redis.internal:6380/2',
    'redis://[::1]:6379/',
    'redis://:p%40ss@redis/0?family=6',
  ])('can be one server: %s', (url) => expect(redisOf(url)).toEqual({ kind: 'server', url: url.replace(/\/$/, '') }));

  it('can be a master that sentinels watch', () => {
    expect(redisOf('redis+sentinel://s1:26380,[::1],s3/mymaster')).toEqual({
      kind: 'sentinel',
      hosts: [
        { host: 's1', port: 26_380 },
        { host: '::1', port: 26_379 },
        { host: 's3', port: 26_379 },
      ],
      masterName: 'mymaster',
      database: 0,
      ...common,
    });
    expect(redisOf('rediss+sentinel://app:p%40ss%2F1@s1/my.group/3')).toEqual({
      kind: 'sentinel',
      hosts: [{ host: 's1', port: 26_379 }],
      masterName: 'my.group',
      database: 3,
      login: { username: 'app', password: 'p@ss/1' },
      isEncrypted: true,
    });
  });

  it('can be a cluster', () => {
    const hosts = [
      { host: 'n1', port: 7_000 },
      { host: 'n2.example', port: 6_379 },
    ];
    expect(redisOf('redis+cluster://n1:7000,n2.example')).toEqual({ kind: 'cluster', hosts, ...common });
    expect(redisOf('rediss+cluster://:secret@n1:7000,n2.example:6379/0')).toEqual({
      kind: 'cluster',
      hosts,
      login: { password: 'secret' },
      isEncrypted: true,
    });
  });

  it.each([
    ['http://redis', 'REDIS_URL must be redis://host:6379, redis+sentinel://'],
    ['redis', 'REDIS_URL must be redis://host:6379'],
    ['redis://', 'REDIS_URL must be redis://host:6379'],
    ['redis+srv://redis', 'REDIS_URL must be redis://host:6379'],
    [
      'redis://one:6379,two:6379',
      'REDIS_URL names several hosts: use redis+sentinel://…/master-name for Sentinel, or redis+',
    ],
    ['redis://redis/cache', 'REDIS_URL must end with the number of a database'],
    ['redis+sentinel://s1:26379', 'REDIS_URL must name the master that the sentinels watch'],
    ['redis+sentinel://s1/my group', 'REDIS_URL must name the master'],
    ['redis+sentinel://s1/mymaster/x', 'REDIS_URL must end with the number of a database, such as /mymaster/0'],
    ['redis+sentinel://s1,/mymaster', 'REDIS_URL must list hosts, each with or without a port'],
    ['redis+sentinel://s1:0/mymaster', 'REDIS_URL must list hosts'],
    ['redis+cluster://', 'REDIS_URL must be redis://host:6379'],
    ['redis+cluster://n1:66666', 'REDIS_URL must list hosts'],
    ['redis+cluster://n1/1', 'REDIS_URL names the database 1, but a Redis Cluster has only the database 0'],
    ['redis+cluster://n1?family=6', 'REDIS_URL of redis+cluster:// takes no parameters'],
    ['redis+cluster://:100%@n1', 'REDIS_URL has a user or a password that is not percent-encoded'],
  ])('is refused: %s', (url, sentence) => expect(() => redisOf(url)).toThrow(sentence));
});

describe('REDIS_SENTINEL_PASSWORD', () => {
  const login = { REDIS_SENTINEL_USERNAME: 'watch', REDIS_SENTINEL_PASSWORD: 'guard' };

  it('is the password of the sentinels themselves', () => {
    const { redisSentinelLogin } = loadConfig({ REDIS_URL: 'redis+sentinel://s1/mymaster', ...login });
    expect(redisSentinelLogin).toEqual({ username: 'watch', password: 'guard' });
  });

  it.each(['redis://one', 'redis+cluster://one'])('is refused for %s, which has no sentinels', (url) =>
    expect(() => redisOf(url, login)).toThrow('REDIS_SENTINEL_PASSWORD requires REDIS_URL=redis+sentinel://…'),
  );

  it('is required by REDIS_SENTINEL_USERNAME', () =>
    expect(() => redisOf('redis+sentinel://s1/mymaster', { REDIS_SENTINEL_USERNAME: 'watch' })).toThrow(
      'REDIS_SENTINEL_USERNAME requires REDIS_SENTINEL_PASSWORD',
    ));
});

import type { Result } from 'ioredis';
import type { Charge, RateWindow } from './rate-window.js';

/**
 * Checks and charges the windows of a request, which is one step in Redis.
 *
 * KEYS: the windows. ARGV: limit and length in ms of each, then the hits (0 or 1). Then, if a process has counted alone,
 * for each window: the count that it last saw in Redis, its own count since, and the ms left; or zeros. What it saw is
 * restored if Redis has lost it, unless the window is a later one, and its own count is added.
 *
 * Returns {full window or 0, hits…, ms left…}.
 */
export const CHARGE_SCRIPT = `
local count = #KEYS
local full = 0
local hits = tonumber(ARGV[2 * count + 1])
local answer = {}
for i = 1, count do
  answer[1 + i] = tonumber(redis.call('GET', KEYS[i]) or '0')
  local seen = tonumber(ARGV[2 * count + 3 * i - 1] or '0')
  local alone = tonumber(ARGV[2 * count + 3 * i] or '0')
  if seen + alone > 0 then
    local expected = tonumber(ARGV[2 * count + 3 * i + 1])
    local left = redis.call('PTTL', KEYS[i])
    if left > expected + 1000 then seen = 0 end
    local total = math.max(answer[1 + i], seen) + alone
    if total > answer[1 + i] then
      redis.call('SET', KEYS[i], total, 'PX', left > 0 and left or expected)
      answer[1 + i] = total
    end
  end
  if full == 0 and answer[1 + i] >= tonumber(ARGV[2 * i - 1]) then full = i end
end
for i = 1, count do
  if full == 0 and hits == 1 then
    answer[1 + i] = redis.call('INCR', KEYS[i])
    if answer[1 + i] == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[2 * i]) end
  end
  local left = redis.call('PTTL', KEYS[i])
  answer[1 + count + i] = left < 0 and tonumber(ARGV[2 * i]) or left
end
answer[1] = full
return answer`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    chargeWindows(count: number, ...keysAndArguments: (string | number)[]): Result<number[], Context>;
  }
}

/** The limit and the length of each window, as the script takes them. */
export function limitsOf(windows: readonly RateWindow[]): number[] {
  return windows.flatMap(({ limit, windowSeconds }) => [limit, windowSeconds * 1000]);
}

export function chargeOf(answer: readonly number[], windows: readonly RateWindow[]): Charge {
  const full = answer[0]!;
  return {
    refusedBy: full === 0 ? undefined : windows[full - 1],
    standings: windows.map((window, index) => ({
      name: window.name,
      remaining: window.limit - answer[1 + index]!,
      resetSeconds: Math.max(1, Math.ceil(answer[1 + windows.length + index]! / 1000)),
    })),
  };
}

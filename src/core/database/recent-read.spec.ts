import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecentRead } from './recent-read.js';

let loads = 0;
let read: RecentRead<number>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  loads = 0;
  read = new RecentRead(100, async () => ++loads);
});
afterEach(() => void vi.useRealTimers());

describe('RecentRead', () => {
  it('concurrent callers share one load', async () => {
    expect(await Promise.all([read.get(), read.get(), read.get()])).toEqual([1, 1, 1]);
  });

  it('a value is kept for its time and no longer', async () => {
    await read.get();
    vi.advanceTimersByTime(99);
    expect(await read.get()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await read.get()).toBe(2);
  });

  it('the time counts from the start of the load', async () => {
    let end: (value: number) => void = () => undefined;
    read = new RecentRead(100, () => new Promise((resolve) => (end = resolve)));
    const slow = read.get();
    vi.advanceTimersByTime(200);
    end(1);
    await slow;
    const next = read.get();
    end(2);
    expect(await next).toBe(2);
  });

  it('a failure is not kept', async () => {
    read = new RecentRead(100, async () => (++loads === 1 ? Promise.reject(new Error('away')) : loads));
    await expect(read.get()).rejects.toThrow('away');
    expect(await read.get()).toBe(2);
  });

  it('after forget() the next caller starts a load, and the earlier load is not kept', async () => {
    const old = read.get();
    read.forget();
    expect(await Promise.all([old, read.get(), read.get()])).toEqual([1, 2, 2]);
  });
});

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = `/usr/lib/${arch() === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** A wall clock that can be set while programs run. Their monotonic clock is unchanged. */
export class SteppedClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-clock-'));
  private readonly file = join(this.folder, 'offset');
  offsetMs = 0;

  constructor() {
    if (!existsSync(LIBRARY)) throw new Error(`${LIBRARY} is missing: apt-get install libfaketime`);
    // Postgres runs as another user.
    chmodSync(this.folder, 0o755);
    this.set(0);
  }

  /** The environment of programs that use this clock. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Takes effect at the next read of the clock. */
  set(hours: number): void {
    this.offsetMs = hours * 3_600_000;
    writeFileSync(this.file, `${hours < 0 ? '' : '+'}${hours * 3600}\n`);
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

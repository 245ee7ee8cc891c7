import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = `/usr/lib/${arch() === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** A wall clock that can be set while programs read it; their monotonic clock goes on as it is. */
export class SteppedClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-clock-'));
  private readonly file = join(this.folder, 'offset');
  offsetMs = 0;

  constructor() {
    if (!existsSync(LIBRARY)) throw new Error(`${LIBRARY} is missing: apt-get install libfaketime`);
    // Postgres has a user of its own.
    chmodSync(this.folder, 0o755);
    this.set(0);
  }

  /** For the programs that are to live by this clock. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** In force at the next look at the clock. */
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

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for the tests of the suite that calls this: made before the first test, removed after the last. */
export function temporaryFolder(): string {
  const folder = join(tmpdir(), `gatehouse-test-${randomUUID()}`);
  beforeAll(async () => void (await mkdir(folder)));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isWellFormedOpaqueKey, isWellFormedPairSecret } from '../../src/access/credentials/credential-format.js';

const SOURCE = /\.(?:[cm]?[jt]sx?|json|md|map|txt|ya?ml)$/;
/** What the patterns of leaked keys match after the prefix: the end of a run of base62 characters. */
const RUN = /[0-9A-Za-z]{49,}/g;

it('no text in the source of the dependencies passes the checksum of a key', () => {
  let runs = 0;
  const hits: string[] = [];
  for (const entry of readdirSync('node_modules', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !SOURCE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [run] of readFileSync(path, 'latin1').matchAll(RUN)) {
      runs++;
      const end = run.slice(-49);
      if (isWellFormedOpaqueKey(`ocx_live_${end}`, 'ocx', 'live') || isWellFormedPairSecret(`ocx_sec_${end}`, 'ocx')) {
        hits.push(path);
      }
    }
  }
  expect(hits).toEqual([]);
  expect(runs).toBeGreaterThan(10_000);
});

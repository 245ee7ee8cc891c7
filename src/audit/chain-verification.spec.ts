import { expect, test } from 'vitest';
import { GENESIS_HASH, linkHash } from './link-hash.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { judgeHead, judgeLink } from './chain-verification.js';

/** A chain of that many entries, each linked to the one before. */
function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const entry = { sequence, action: 'org.updated', changes: { name: { before: 'A', after: 'B' } } } as AuditEntry;
    entries.push({ ...entry, hash: linkHash(entries.at(-1)?.hash ?? GENESIS_HASH, entry) });
  }
  return entries;
}

/** As `brokenChains` follows one. */
function firstBreak(entries: AuditEntry[], head: { sequence: number; hash: string } | null) {
  let end = { sequence: 0, hash: GENESIS_HASH };
  for (const entry of entries) {
    const broken = judgeLink(end, entry);
    if (broken) return broken;
    end = entry;
  }
  return judgeHead(end, head);
}

const chain = chainOf(4);
const head = chain[3]!;
const altered = { ...chain[1]!, action: 'org.archived' };

test.each([
  ['nothing', chain, head, undefined],
  ['an altered entry', [chain[0]!, altered, ...chain.slice(2)], head, 2],
  ['an altered entry with a hash of its own', [chain[0]!, rehashed(altered), ...chain.slice(2)], head, 3],
  ['an entry taken out', chain.toSpliced(1, 1), head, 2],
  ['the last entry taken off', chain.slice(0, 3), head, 4],
  ['all entries taken away', [], head, 1],
  ['the last entry taken off, with its head put back', chain.slice(0, 3), chain[2]!, undefined],
  ['an altered head', chain, { ...head, hash: GENESIS_HASH }, 4],
  ['no head', chain, null, 4],
])('of %s, the first broken link is named', (_what, entries, itsHead, sequence) => {
  expect(firstBreak(entries, itsHead)?.sequence).toBe(sequence);
});

function rehashed(entry: AuditEntry): AuditEntry {
  return { ...entry, hash: linkHash(chain[0]!.hash, entry) };
}

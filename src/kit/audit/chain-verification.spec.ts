import { expect, test } from 'vitest';
import type { AuditEntry } from './audit-entry.entity.js';
import type { AuditHead } from './audit-head.entity.js';
import { AuditKey, GENESIS_HASH, type HeadPosition, KEYED_VERSION, unkeyedLinkHash } from './audit-key.js';
import { AuditKeyRing } from './audit-keys.js';
import { ChainWalk } from './chain-verification.js';

const KEY = new AuditKey('a', Buffer.alloc(32, 1));
const OTHER_KEY = new AuditKey('b', Buffer.alloc(32, 2));
const RING = new AuditKeyRing(new Map([['a', KEY]]), 'a');

type Unlinked = Partial<AuditEntry> & Pick<AuditEntry, 'sequence' | 'version'>;

function linked(previous: AuditEntry | undefined, entry: Unlinked, key = KEY): AuditEntry {
  const whole = { ...entry, key_id: entry.version === KEYED_VERSION ? key.id : null } as AuditEntry;
  const previousHash = previous?.hash ?? GENESIS_HASH;
  const hash = whole.version === 1 ? unkeyedLinkHash(previousHash, whole) : key.linkHash(previousHash, whole);
  return { ...whole, hash };
}

/** Builds the linked chain of an org. @param unkeyed number of entries from before audit keys */
function chainOf(length: number, { unkeyed = 0, first = 'org.created', key = KEY } = {}): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const changes = { name: { before: 'A', after: { nested: [{ deep: 1 }] } } };
    const version = sequence <= unkeyed ? 1 : KEYED_VERSION;
    const action = sequence === 1 ? first : 'org.updated';
    entries.push(linked(entries.at(-1), { sequence, version, action, changes }, key));
  }
  return entries;
}

function headOf({ sequence, hash }: AuditEntry, key = KEY): AuditHead {
  const head = { chain: 'org', sequence, hash };
  return { ...head, key_id: key.id, mac: key.headMac(head), updated_at: new Date(0) };
}

/** Follows one chain as `brokenChains` does. */
function firstBreak(entries: AuditEntry[], head: AuditHead | null, kept: HeadPosition[] = []) {
  const walk = new ChainWalk('org', RING, kept);
  for (const entry of entries) {
    const broken = walk.step(entry);
    if (broken) return broken;
  }
  return walk.finish(head);
}

const chain = chainOf(4);
const head = headOf(chain[3]!);
const altered = { ...chain[1]!, action: 'org.archived' };
const older = chainOf(4, { unkeyed: 2, first: 'agent.created' });
const allOlder = chainOf(4, { unkeyed: 4 });

test.each([
  ['none in an intact chain', chain, head, undefined],
  ['an altered entry', [chain[0]!, altered, ...chain.slice(2)], head, 2],
  ['an altered entry linked under another key', [chain[0]!, linked(chain[0], altered, OTHER_KEY)], head, 2],
  [
    'an altered entry linked by SHA-256',
    [chain[0]!, linked(chain[0], { ...altered, version: 1 }), ...chain.slice(2)],
    head,
    3,
  ],
  ['a removed entry', chain.toSpliced(1, 1), head, 2],
  ['a removed last entry', chain.slice(0, 3), head, 4],
  ['a removed last entry, with the head set back', chain.slice(0, 3), { ...head, ...chain[2]! }, 3],
  [
    'a removed last entry, with the head set back under another key',
    chain.slice(0, 3),
    headOf(chain[2]!, OTHER_KEY),
    3,
  ],
  ['all entries removed', [], head, 1],
  ['all entries and the head removed', [], null, 1],
  ['all entries removed, with the head set back', [], { ...head, sequence: 0, hash: GENESIS_HASH }, 0],
  ['an altered head', chain, { ...head, hash: GENESIS_HASH }, 4],
  ['a head without its MAC', chain, { ...head, key_id: null, mac: null }, 4],
  ['no head', chain, null, 4],
  ['a chain that begins with another action', chainOf(4, { first: 'org.updated' }), head, 1],
  ['a chain under a missing key', chainOf(2, { key: OTHER_KEY }), headOf(chain[1]!), 1],
  ['none in entries from before audit keys, followed by keyed ones', older, headOf(older[3]!), undefined],
  ['none in entries from before audit keys', allOlder, headOf(allOlder[3]!), undefined],
  [
    'an altered entry from before audit keys',
    [linked(undefined, { ...allOlder[0]!, action: 'org.archived' }), ...allOlder.slice(1)],
    headOf(allOlder[3]!),
    2,
  ],
  [
    'rewritten entries from before audit keys',
    chainOf(3, { unkeyed: 3 }),
    { ...headOf(allOlder[3]!), ...chainOf(3, { unkeyed: 3 })[2]! },
    3,
  ],
])('verification finds the first broken link: %s', (_what, entries, itsHead, sequence) => {
  expect(firstBreak(entries, itsHead)?.sequence).toBe(sequence);
});

const keptOf = ({ sequence, hash }: AuditEntry) => ({ chain: 'org', sequence, hash });
const rewritten = chainOf(4, { first: 'audit.started' });

test.each([
  ['that is still on the chain', chain, [keptOf(chain[1]!), keptOf(chain[3]!)], undefined],
  ['of an entry that was rewritten under the right key', rewritten, [keptOf(chain[1]!)], 2],
  ['of an entry that was removed, with the head adjusted', chain.slice(0, 3), [keptOf(chain[3]!)], 4],
])('verification compares the chain with a kept head %s', (_what, entries, kept, sequence) => {
  expect(firstBreak(entries, headOf(entries.at(-1)!), kept)?.sequence).toBe(sequence);
});

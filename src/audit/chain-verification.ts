import { type DataSource, type EntityManager, MoreThan } from 'typeorm';
import { GENESIS_HASH, linkHash } from './link-hash.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditHead } from './audit-head.entity.js';

const ENTRIES_PER_READ = 1_000;

/** Steps from chain to chain through the index; DISTINCT would read every entry. */
const CHAINS = `
  WITH RECURSIVE chains (chain) AS (
    SELECT min(chain) FROM audit_entries
    UNION ALL
    SELECT (SELECT min(chain) FROM audit_entries e WHERE e.chain > chains.chain) FROM chains WHERE chain IS NOT NULL
  )
  SELECT chain FROM chains WHERE chain IS NOT NULL UNION SELECT chain FROM audit_heads ORDER BY chain`;

/** Where a chain stops being what was written. */
export interface BrokenLink {
  readonly chain: string;
  /** Of the first entry that isn't what it should be, or isn't there. */
  readonly sequence: number;
  readonly problem: string;
}

/** The end of a chain as far as it was followed. */
type Link = Pick<AuditEntry, 'sequence' | 'hash'>;

/** Follows every chain from its start; the first broken link of each. */
export async function brokenChains(
  dataSource: DataSource,
): Promise<{ chains: number; entries: number; broken: BrokenLink[] }> {
  const chains = (await dataSource.query<{ chain: string }[]>(CHAINS)).map(({ chain }) => chain);
  const broken: BrokenLink[] = [];
  let entries = 0;
  for (const chain of chains) {
    // One snapshot of entries and head: what is appended meanwhile must not look like a break.
    const followed = await dataSource.transaction('REPEATABLE READ', (manager) => follow(manager, chain));
    entries += followed.entries;
    if (followed.broken) broken.push({ chain, ...followed.broken });
  }
  return { chains: chains.length, entries, broken };
}

type Break = Omit<BrokenLink, 'chain'>;

async function follow(manager: EntityManager, chain: string): Promise<{ entries: number; broken?: Break }> {
  let end: Link = { sequence: 0, hash: GENESIS_HASH };
  let entries: AuditEntry[];
  do {
    entries = await manager.find(AuditEntry, {
      where: { chain, sequence: MoreThan(end.sequence) },
      order: { sequence: 'ASC' },
      take: ENTRIES_PER_READ,
    });
    for (const entry of entries) {
      const broken = judgeLink(end, entry);
      if (broken) return { entries: end.sequence, broken };
      end = entry;
    }
  } while (entries.length === ENTRIES_PER_READ);
  const head = await manager.findOneBy(AuditHead, { chain });
  return { entries: end.sequence, broken: judgeHead(end, head) };
}

/** What is wrong with an entry that comes after `previous`. */
export function judgeLink(previous: Link, entry: AuditEntry): Break | undefined {
  const sequence = previous.sequence + 1;
  if (entry.sequence !== sequence) return { sequence, problem: 'the entry is missing' };
  if (entry.hash === linkHash(previous.hash, entry)) return undefined;
  return { sequence, problem: 'the entry, or the one before it, was altered' };
}

/** What is wrong with a chain whose last entry is `end`. */
export function judgeHead(end: Link, head: Link | null): Break | undefined {
  if (head === null) return { sequence: end.sequence, problem: 'the head of the chain is missing' };
  if (head.sequence > end.sequence) return { sequence: end.sequence + 1, problem: 'the entry is missing' };
  if (head.sequence === end.sequence && head.hash === end.hash) return undefined;
  return { sequence: end.sequence, problem: 'the head of the chain was altered' };
}

import { type DataSource, type EntityManager, MoreThan } from 'typeorm';
import { INSTALLATION_CHAIN } from './audit-chains.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditHead } from './audit-head.entity.js';
import { GENESIS_HASH, type HeadPosition, KEYED_VERSION, UNKEYED_VERSION, unkeyedLinkHash } from './audit-key.js';
import type { AuditKeyRing } from './audit-keys.js';
import { isGenuine, type KeptHead } from './kept-heads.js';

const ENTRIES_PER_READ = 1_000;

/**
 * All existing and expected chains: one per org and, once an audit key exists, the installation's. A loose index scan
 * finds the existing ones; DISTINCT would read every entry.
 */
const CHAINS = `
  WITH RECURSIVE chains (chain) AS (
    SELECT min(chain) FROM audit_entries
    UNION ALL
    SELECT (SELECT min(chain) FROM audit_entries e WHERE e.chain > chains.chain) FROM chains WHERE chain IS NOT NULL
  )
  SELECT chain FROM chains WHERE chain IS NOT NULL
  UNION SELECT chain FROM audit_heads
  UNION SELECT id::text FROM orgs
  UNION SELECT '${INSTALLATION_CHAIN}' FROM audit_keys`;

/** Allowed first actions of an org's keyed chain; the second is for orgs older than the audit. */
const FIRST_ACTIONS = ['org.created', 'audit.started'];

/** The first position where a chain fails to verify. */
export interface BrokenLink {
  readonly chain: string;
  /** Of the first altered or missing entry. */
  readonly sequence: number;
  readonly problem: string;
}

/** The last verified entry. */
type Link = Pick<AuditEntry, 'sequence' | 'hash'>;
type Break = Omit<BrokenLink, 'chain'>;

/**
 * Verifies every chain and yields the first broken link of each.
 * @param kept externally stored heads, which must still be part of their chains
 */
export async function brokenChains(
  dataSource: DataSource,
  ring: AuditKeyRing,
  kept: readonly KeptHead[] = [],
): Promise<{ chains: number; entries: number; broken: BrokenLink[] }> {
  const [genuine, forged] = [
    kept.filter((head) => isGenuine(ring, head)),
    kept.filter((head) => !isGenuine(ring, head)),
  ];
  const keptByChain = Map.groupBy(genuine, ({ chain }) => chain);
  const found = (await dataSource.query<{ chain: string }[]>(CHAINS)).map(({ chain }) => chain);
  const chains = [...new Set([...found, ...keptByChain.keys()])].sort();
  const broken: BrokenLink[] = forged.map(({ chain, sequence }) => ({
    chain,
    sequence,
    problem: 'the kept head was altered, or is of another installation',
  }));
  let entries = 0;
  for (const chain of chains) {
    const walk = new ChainWalk(chain, ring, keptByChain.get(chain) ?? []);
    // One snapshot for entries and head, so that concurrent appends don't look like a break.
    const problem = await dataSource.transaction('REPEATABLE READ', (manager) => walk.follow(manager));
    entries += walk.end.sequence;
    if (problem) broken.push({ chain, ...problem });
  }
  return { chains: chains.length, entries, broken };
}

/** The verification of one chain, entry by entry. */
export class ChainWalk {
  end: Link = { sequence: 0, hash: GENESIS_HASH };

  constructor(
    private readonly chain: string,
    private readonly ring: AuditKeyRing,
    private readonly kept: readonly HeadPosition[],
  ) {}

  async follow(manager: EntityManager): Promise<Break | undefined> {
    let entries: AuditEntry[];
    do {
      entries = await manager.find(AuditEntry, {
        where: { chain: this.chain, sequence: MoreThan(this.end.sequence) },
        order: { sequence: 'ASC' },
        take: ENTRIES_PER_READ,
      });
      for (const entry of entries) {
        const problem = this.step(entry);
        if (problem) return problem;
      }
    } while (entries.length === ENTRIES_PER_READ);
    return this.finish(await manager.findOneBy(AuditHead, { chain: this.chain }));
  }

  /** Verifies the next entry. */
  step(entry: AuditEntry): Break | undefined {
    const sequence = this.end.sequence + 1;
    if (entry.sequence !== sequence) return { sequence, problem: 'the entry is missing' };
    const problem = this.#problemOf(entry);
    if (problem !== undefined) return { sequence, problem };
    this.end = entry;
    return undefined;
  }

  /** Verifies the head against the last entry. */
  finish(head: Omit<AuditHead, 'updated_at'> | null): Break | undefined {
    const { sequence, hash } = this.end;
    if (sequence === 0 && head === null) return { sequence: 1, problem: 'the chain is missing' };
    if (head === null) return { sequence, problem: 'the head of the chain is missing' };
    if (head.sequence > sequence) return { sequence: sequence + 1, problem: 'the entry is missing' };
    const key = this.ring.find(head.key_id);
    const isAltered = head.sequence !== sequence || head.hash !== hash;
    if (isAltered || (key && !key.isHeadMac(head, head.mac)) || head.key_id === null) {
      return { sequence, problem: 'the head of the chain was altered' };
    }
    if (!key) return { sequence, problem: `the head's key ${head.key_id} is missing, or does not open` };
    const beyond = this.kept.find((each) => each.sequence > sequence);
    return beyond && { sequence: sequence + 1, problem: 'the entry is missing that a kept head comes after' };
  }

  #problemOf(entry: AuditEntry): string | undefined {
    const key = this.ring.find(entry.key_id);
    if (entry.version === KEYED_VERSION && !key) return `the entry's key ${entry.key_id} is missing, or does not open`;
    if (entry.hash !== this.#hashOf(entry)) return 'the entry, or the one before it, was altered';
    const isFirstOfOrg = entry.sequence === 1 && this.chain !== INSTALLATION_CHAIN;
    if (isFirstOfOrg && entry.version === KEYED_VERSION && !FIRST_ACTIONS.includes(entry.action)) {
      return 'the chain does not begin with org.created';
    }
    const isKept = this.kept.every(({ sequence, hash }) => sequence !== entry.sequence || hash === entry.hash);
    return isKept ? undefined : 'the entry is not the one of the kept head';
  }

  #hashOf(entry: AuditEntry): string | undefined {
    if (entry.version === UNKEYED_VERSION) return unkeyedLinkHash(this.end.hash, entry);
    return entry.version === KEYED_VERSION ? this.ring.find(entry.key_id)?.linkHash(this.end.hash, entry) : undefined;
  }
}

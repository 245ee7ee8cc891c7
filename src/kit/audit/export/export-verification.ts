import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../audit-entry.entity.js';
import { GENESIS_HASH, KEYED_VERSION, unkeyedLinkHash } from '../audit-key.js';
import type { AuditKeyRing } from '../audit-keys.js';
import { isGenuine, type KeptHead } from '../kept-heads.js';
import type { ExportedLine } from './export-reader.js';
import { ENTRY_COLUMNS } from './ocsf-event.js';

const LINKS_PER_READ = 10_000;

/** Neighbouring links of a chain with the same problem. */
export interface ExportFinding {
  readonly chain: string;
  readonly from: number;
  readonly to: number;
  readonly problem: string;
}

export interface ExportReport {
  readonly chains: number;
  /** Without repeats. */
  readonly entries: number;
  readonly repeats: number;
  /** Entries of the database after the last exported one of their chain. */
  readonly newer: number;
  readonly findings: readonly ExportFinding[];
}

/** An exported entry, by its hash. After a restore, a chain can have several at one place. */
type Place = Map<string, { readonly previousHash: string | null }>;

export const ALTERED = 'the exported entry was altered';
const UNKNOWN_KEY = 'the exported entry is linked with a key that the database lacks';
const GAP = 'the entry is missing in the export';
const UNLINKED = 'the exported entry does not continue the one before it';
const SEVERAL = 'the export has several entries: the database was set back and went on';
const FORGED_HEAD = 'an exported head was altered, or is of another installation';
const OTHER_HEAD = 'the exported head is not the one of the exported entry';
const LOST = 'the database lacks the exported entry: it was deleted, or the database was set back';

/** Verifies exported entries by themselves, and against the database. Only hashes are held in memory. */
export class ExportVerification {
  readonly #chains = new Map<string, Map<number, Place>>();
  readonly #heads: KeptHead[] = [];
  readonly #findings: ExportFinding[] = [];
  #entries = 0;
  #repeats = 0;
  #newer = 0;

  constructor(private readonly ring: AuditKeyRing) {}

  add({ entry, previous_hash: previousHash, head }: ExportedLine): void {
    const { chain, sequence, hash } = entry;
    if (head !== undefined) this.#heads.push(head);
    const places = this.#chains.get(chain) ?? new Map<number, Place>();
    this.#chains.set(chain, places);
    const place: Place = places.get(sequence) ?? new Map();
    places.set(sequence, place);
    const problem = problemOfEntry(this.ring, entry, previousHash);
    if (problem !== undefined) this.#find(chain, sequence, problem);
    if (place.has(hash)) {
      this.#repeats += 1;
      return;
    }
    this.#entries += 1;
    place.set(hash, { previousHash });
  }

  /** To be called after all entries were added. */
  async report(manager: EntityManager): Promise<ExportReport> {
    for (const [chain, places] of this.#chains) this.#checkLinks(chain, places);
    for (const head of this.#heads) this.#checkHead(head);
    const heads = await manager.query<{ chain: string }[]>('SELECT chain FROM audit_heads');
    for (const chain of new Set([...this.#chains.keys(), ...heads.map((head) => head.chain)])) {
      await this.#compare(manager, chain);
    }
    return {
      chains: this.#chains.size,
      entries: this.#entries,
      repeats: this.#repeats,
      newer: this.#newer,
      findings: merged(this.#findings),
    };
  }

  #checkLinks(chain: string, places: ReadonlyMap<number, Place>): void {
    const last = lastOf(places);
    for (let sequence = 1; sequence <= last; sequence++) {
      const place = places.get(sequence);
      if (place === undefined) {
        this.#find(chain, sequence, GAP);
        continue;
      }
      if (place.size > 1) this.#find(chain, sequence, SEVERAL);
      const before = sequence === 1 ? new Set([GENESIS_HASH]) : places.get(sequence - 1);
      for (const { previousHash } of place.values()) {
        if (before && previousHash !== null && !before.has(previousHash)) this.#find(chain, sequence, UNLINKED);
      }
    }
  }

  #checkHead(head: KeptHead): void {
    const { chain, sequence, hash } = head;
    if (!isGenuine(this.ring, head)) this.#find(chain, sequence, FORGED_HEAD);
    else if (!this.#chains.get(chain)?.get(sequence)?.has(hash)) this.#find(chain, sequence, OTHER_HEAD);
  }

  async #compare(manager: EntityManager, chain: string): Promise<void> {
    const places = this.#chains.get(chain) ?? new Map<number, Place>();
    const last = lastOf(places);
    const stored = await readHashes(manager, chain);
    for (const [sequence, place] of places) {
      for (const hash of place.keys()) if (stored.get(sequence) !== hash) this.#find(chain, sequence, LOST);
    }
    for (const sequence of stored.keys()) if (sequence > last) this.#newer += 1;
  }

  #find(chain: string, sequence: number, problem: string): void {
    this.#findings.push({ chain, from: sequence, to: sequence, problem });
  }
}

/**
 * Judges an exported entry by its hash. Without the hash before it, it can't be judged.
 * @returns undefined if it is genuine or can't be judged
 */
export function problemOfEntry(
  ring: AuditKeyRing,
  exported: AuditEntry,
  previousHash: string | null,
): string | undefined {
  if (previousHash === null) return undefined;
  // Only the columns, because the hash covers nothing else.
  const entry = Object.fromEntries(ENTRY_COLUMNS.map((column) => [column, exported[column]])) as unknown as AuditEntry;
  if (entry.version !== KEYED_VERSION) return entry.hash === unkeyedLinkHash(previousHash, entry) ? undefined : ALTERED;
  const key = ring.find(entry.key_id);
  if (key === undefined) return UNKNOWN_KEY;
  return entry.hash === key.linkHash(previousHash, entry) ? undefined : ALTERED;
}

/** A loop, because a call can't have as many arguments as a chain has entries. */
function lastOf(places: ReadonlyMap<number, Place>): number {
  let last = 0;
  for (const sequence of places.keys()) last = Math.max(last, sequence);
  return last;
}

async function readHashes(manager: EntityManager, chain: string): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  let after = 0;
  let rows: { sequence: number; hash: string }[];
  do {
    rows = await manager.query(
      `SELECT sequence, hash FROM audit_entries WHERE chain = $1 AND sequence > $2 ORDER BY sequence LIMIT ${LINKS_PER_READ}`,
      [chain, after],
    );
    for (const { sequence, hash } of rows) hashes.set(sequence, hash);
    after = rows.at(-1)?.sequence ?? after;
  } while (rows.length === LINKS_PER_READ);
  return hashes;
}

/** Sorts by chain and place, and joins neighbours with the same problem. */
function merged(findings: readonly ExportFinding[]): ExportFinding[] {
  const compare = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);
  const sorted = findings.toSorted(
    (one, other) => compare(one.chain, other.chain) || compare(one.problem, other.problem) || one.from - other.from,
  );
  const ranges: ExportFinding[] = [];
  for (const finding of sorted) {
    const last = ranges.at(-1);
    const isNext = last?.chain === finding.chain && last.problem === finding.problem && finding.from <= last.to + 1;
    if (isNext) ranges[ranges.length - 1] = { ...last, to: finding.to };
    else ranges.push(finding);
  }
  return ranges;
}

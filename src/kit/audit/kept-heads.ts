import type { EntityManager } from 'typeorm';
import type { AuditKey, HeadPosition } from './audit-key.js';
import type { AuditKeyRing } from './audit-keys.js';

const HEADS_PER_READ = 1_000;

/** A copy of a chain's head, for storage out of reach of database administrators. */
export interface KeptHead extends HeadPosition {
  /** Time of the copy, RFC 3339. */
  readonly at: string;
  readonly key_id: string;
  /** HMAC-SHA256 of the other fields, hex. */
  readonly mac: string;
}

/** Yields all heads, or those changed since a time, in pages. */
export async function* keptHeads(
  manager: EntityManager,
  key: AuditKey,
  since = new Date(0),
): AsyncGenerator<KeptHead[]> {
  let after = '';
  let heads: HeadPosition[];
  do {
    heads = await manager.query<HeadPosition[]>(
      `SELECT chain, sequence, hash FROM audit_heads WHERE chain > $1 AND updated_at >= $2
       ORDER BY chain LIMIT ${HEADS_PER_READ}`,
      [after, since],
    );
    const at = new Date().toISOString();
    if (heads.length > 0) yield heads.map((head) => keptHead(key, head, at));
    after = heads.at(-1)?.chain ?? after;
  } while (heads.length === HEADS_PER_READ);
}

/** Copies a head for storage outside. @param at RFC 3339 */
export function keptHead(key: AuditKey, { chain, sequence, hash }: HeadPosition, at: string): KeptHead {
  const line = { chain, sequence, hash, at, key_id: key.id };
  return { ...line, mac: key.keptHeadMac(line) };
}

/** False for altered heads and those of another installation. A head signed with a lost key passes. */
export function isGenuine(ring: AuditKeyRing, { mac, ...line }: KeptHead): boolean {
  return ring.find(line.key_id)?.isKeptHeadMac(line, mac) ?? true;
}

/**
 * Parses heads from JSON lines: either one head per line (`gatehouse audit heads`) or lists under `heads` (the
 * server's log). Other log lines are skipped.
 * @throws Error if a line isn't JSON or no line has a head
 */
export function parseKeptHeads(text: string): KeptHead[] {
  const heads = text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : headsIn(line, at + 1)));
  if (heads.length === 0) throw new Error('There is no head in the file.');
  return heads;
}

function headsIn(line: string, number: number): KeptHead[] {
  const value = parsed(line, number);
  const list = isObject(value) && Array.isArray(value['heads']) ? value['heads'] : [value];
  return list.filter(isObject).flatMap((head) => {
    if (!('chain' in head && 'hash' in head)) return [];
    if (isKeptHead(head)) return [head];
    throw new Error(`Line ${number}: a head lacks fields.`);
  });
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`Line ${number} is not JSON.`, { cause: error });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isKeptHead(head: object): head is KeptHead {
  const { chain, sequence, hash, at, key_id, mac } = head as Record<string, unknown>;
  return typeof sequence === 'number' && [chain, hash, at, key_id, mac].every((field) => typeof field === 'string');
}

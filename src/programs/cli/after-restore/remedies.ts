import { type EntityManager, IsNull } from 'typeorm';
import { type Actor, OPERATOR } from '../../../kit/audit/actor.js';
import type { AuditEntry, Change } from '../../../kit/audit/audit-entry.entity.js';
import { ApiKey } from '../../../tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from '../../../tenancy/api-keys/key-credential.entity.js';
import { ROLE_NAMES, type RoleName } from '../../../access/scopes/roles.js';
import { REPEATED } from './access-actions.js';

/** Names the reason in the audit. */
export const AFTER_RESTORE: Actor = { ...OPERATOR, name: 'operator, after a restore' };

/** What takes the access of one target away again. */
export type Remedy =
  | { readonly kind: 'revoke key' | 'suspend key'; readonly id: string }
  | { readonly kind: 'narrow key'; readonly id: string; readonly columns: Partial<ApiKey> }
  | { readonly kind: 'end credential'; readonly id: string; readonly credentialId: string }
  | { readonly kind: 'suspend org' | 'archive org' | 'deactivate partner'; readonly id: string }
  | { readonly kind: 'narrow partner'; readonly id: string; readonly allowedIps: readonly string[] }
  | { readonly kind: 'remove member'; readonly id: string; readonly orgId: string }
  | { readonly kind: 'end sessions'; readonly id: string; readonly orgId: string }
  | { readonly kind: 'lower role'; readonly id: string; readonly orgId: string; readonly role: RoleName }
  | { readonly kind: 'suspend service' | 'remove service'; readonly id: string; readonly slug: string };

/** A remedy with the lost entries that call for it. */
export interface Finding {
  readonly remedy: Remedy;
  readonly name: string;
  readonly because: readonly AuditEntry[];
}

type Changed = Readonly<Record<string, Change | undefined>>;

/** Of the entries about a target that the database has, the newest time of each action. */
type Later = ReadonlyMap<string, Date>;

/**
 * Decides what lost entries call for, given the rows as they are now. A target that a later action of the restored database let in
 * again is left alone, so that a second run finds nothing.
 */
export class RemedyPlan {
  readonly findings: Finding[] = [];
  #later: ReadonlyMap<string, Later> = new Map();

  constructor(private readonly manager: EntityManager) {}

  async plan(lost: readonly AuditEntry[]): Promise<readonly Finding[]> {
    const relevant = lost.filter(({ action }) => REPEATED.has(action) || /\.(resumed|created)$/.test(action));
    const byTarget = Map.groupBy(relevant, ({ target_type, target_id }) => `${target_type} ${target_id}`);
    this.#later = await this.#readLater([...byTarget.values()].map(([first]) => first!.target_id!));
    for (const entries of byTarget.values()) await this.#planTarget(entries);
    return this.findings;
  }

  async #planTarget(entries: readonly AuditEntry[]): Promise<void> {
    switch (entries[0]!.target_type) {
      case 'api_key':
        return this.#planKey(entries);
      case 'org':
        return this.#planOrg(entries);
      case 'partner':
        return this.#planPartner(entries);
      case 'member':
        return this.#planMember(entries);
      case 'user':
        return this.#planSessions(entries);
      case 'service':
        return this.#planService(entries);
    }
  }

  async #planKey(entries: readonly AuditEntry[]): Promise<void> {
    const id = entries[0]!.target_id!;
    const key = await this.manager.findOneBy(ApiKey, { id });
    if (key === null || key.revoked_at !== null) return;
    const revoked = entries.filter(({ action }) => action === 'api_key.revoked');
    const expiry = lastChange(entries, 'expires_at');
    const expiresAt = typeof expiry === 'string' ? new Date(expiry) : undefined;
    const isEarlier = expiresAt !== undefined && (key.expires_at === null || expiresAt < key.expires_at);
    if (revoked.length > 0) return this.#find({ kind: 'revoke key', id }, revoked);
    if (isEarlier && expiresAt <= new Date())
      return this.#find({ kind: 'revoke key', id }, changing(entries, 'expires_at'));

    const columns = narrowed(key, entries, isEarlier ? expiresAt : undefined);
    if (Object.keys(columns).length > 0)
      this.#find({ kind: 'narrow key', id, columns }, changing(entries, ...Object.keys(columns)));
    for (const entry of entries.filter(({ action }) => action === 'api_key.rotation_ended')) {
      const credentialId = String(changesOf(entry)['credential_id']?.before);
      if (await this.manager.existsBy(KeyCredential, { id: credentialId, ended_at: IsNull() })) {
        this.#find({ kind: 'end credential', id, credentialId }, [entry]);
      }
    }
    if (key.suspended_at !== null) return;
    const rotated = entries.findLast(({ action }) => action === 'api_key.rotated');
    if (this.#isOpen(rotated, 'api_key.rotated', 'api_key.resumed'))
      return this.#find({ kind: 'suspend key', id }, [rotated!]);
    const stopped = standing(entries, 'api_key.suspended', 'api_key.resumed');
    if (this.#isOpen(stopped, 'api_key.resumed')) this.#find({ kind: 'suspend key', id }, [stopped!]);
  }

  async #planOrg(entries: readonly AuditEntry[]): Promise<void> {
    const id = entries[0]!.target_id!;
    const row = await this.#row('SELECT archived_at, suspended_at FROM orgs WHERE id = $1', id);
    if (row === undefined || row['archived_at'] !== null) return;
    const archived = entries.filter(({ action }) => action === 'org.archived');
    if (archived.length > 0) return this.#find({ kind: 'archive org', id }, archived);
    const stopped = standing(entries, 'org.suspended', 'org.resumed');
    if (row['suspended_at'] === null && this.#isOpen(stopped, 'org.resumed'))
      this.#find({ kind: 'suspend org', id }, [stopped!]);
  }

  async #planPartner(entries: readonly AuditEntry[]): Promise<void> {
    const id = entries[0]!.target_id!;
    const row = await this.#row('SELECT is_active, allowed_ips FROM partners WHERE id = $1', id);
    const last = entries.at(-1);
    if (row === undefined || !this.#isOpen(last, 'partner.updated')) return;
    if (row['is_active'] === true && lastChange(entries, 'is_active') === false) {
      this.#find({ kind: 'deactivate partner', id }, changing(entries, 'is_active'));
    }
    const allowedIps = lastChange(entries, 'allowed_ips');
    if (Array.isArray(allowedIps) && allowedIps.length > 0 && !isSame(allowedIps, row['allowed_ips'])) {
      this.#find({ kind: 'narrow partner', id, allowedIps: allowedIps as string[] }, changing(entries, 'allowed_ips'));
    }
  }

  async #planMember(entries: readonly AuditEntry[]): Promise<void> {
    const { target_id: id, org_id: orgId } = entries[0]!;
    const sql = `SELECT roles.name FROM members JOIN roles ON roles.id = members.role_id
      WHERE members.org_id = $2 AND members.user_id = $1`;
    const row = await this.#row(sql, id!, orgId!);
    if (row === undefined) return;
    const deleted = entries.filter(({ action }) => action === 'member.deleted');
    if (deleted.length > 0) return this.#find({ kind: 'remove member', id: id!, orgId: orgId! }, deleted);
    const role = lastChange(entries, 'role') as RoleName | undefined;
    const isLower = role !== undefined && ROLE_NAMES.indexOf(role) > ROLE_NAMES.indexOf(row['name'] as RoleName);
    if (isLower && this.#isOpen(entries.at(-1), 'member.updated')) {
      this.#find({ kind: 'lower role', id: id!, orgId: orgId!, role }, changing(entries, 'role'));
    }
  }

  /** The audit doesn't name the session, so all that are older than its end go. */
  async #planSessions(entries: readonly AuditEntry[]): Promise<void> {
    const ended = entries.filter(({ action }) => action === 'session.ended');
    const last = ended.at(-1);
    if (last === undefined) return;
    const sql = `SELECT sessions.id FROM sessions JOIN members ON members.id = member_id
      WHERE members.user_id = $1 AND members.org_id = $2 AND sessions.created_at < $3 LIMIT 1`;
    const row = await this.#row(sql, last.target_id!, last.org_id!, last.created_at);
    if (row !== undefined) this.#find({ kind: 'end sessions', id: last.target_id!, orgId: last.org_id! }, ended);
  }

  async #planService(entries: readonly AuditEntry[]): Promise<void> {
    const id = entries[0]!.target_id!;
    const row = await this.#row('SELECT slug, suspended_at FROM services WHERE id = $1', id);
    if (row === undefined) return;
    const slug = row['slug'] as string;
    const deleted = entries.filter(({ action }) => action === 'service.deleted');
    if (deleted.length > 0) return this.#find({ kind: 'remove service', id, slug }, deleted);
    const stopped = standing(entries, 'service.suspended', 'service.resumed');
    if (row['suspended_at'] === null && this.#isOpen(stopped, 'service.resumed')) {
      this.#find({ kind: 'suspend service', id, slug }, [stopped!]);
    }
  }

  /** False if there is no such entry, or one of the actions came later in the restored database. */
  #isOpen(entry: AuditEntry | undefined, ...undoneBy: string[]): boolean {
    if (entry === undefined) return false;
    const later = this.#later.get(entry.target_id!);
    return !undoneBy.some((action) => (later?.get(action) ?? new Date(0)) > new Date(entry.created_at));
  }

  async #readLater(ids: readonly string[]): Promise<ReadonlyMap<string, Later>> {
    const rows = await this.manager.query<{ id: string; action: string; at: Date }[]>(
      `SELECT target_id AS id, action, max(created_at) AS at FROM audit_entries WHERE target_id = ANY ($1) GROUP BY 1, 2`,
      [ids],
    );
    const byTarget = Map.groupBy(rows, ({ id }) => id);
    return new Map([...byTarget].map(([id, actions]) => [id, new Map(actions.map(({ action, at }) => [action, at]))]));
  }

  async #row(sql: string, ...values: unknown[]): Promise<Readonly<Record<string, unknown>> | undefined> {
    return (await this.manager.query<Record<string, unknown>[]>(sql, values))[0];
  }

  #find(remedy: Remedy, because: readonly AuditEntry[]): void {
    this.findings.push({ remedy, name: because.at(-1)!.target_name, because });
  }
}

/** The columns of a key that lost changes had made narrower. A list of addresses counts as narrower than none. */
function narrowed(key: ApiKey, entries: readonly AuditEntry[], expiresAt: Date | undefined): Partial<ApiKey> {
  const columns: Partial<Record<keyof ApiKey, unknown>> = {};
  if (expiresAt !== undefined) columns.expires_at = expiresAt;
  const scopes = lastChange(entries, 'scopes');
  if (Array.isArray(scopes)) {
    const kept = key.scopes === null ? scopes : key.scopes.filter((scope) => scopes.includes(scope));
    if (key.scopes === null || kept.length < key.scopes.length) columns.scopes = kept;
  }
  for (const list of ['allowed_ips', 'allowed_origins'] as const) {
    const wanted = lastChange(entries, list);
    if (Array.isArray(wanted) && wanted.length > 0 && !isSame(wanted, key[list])) columns[list] = wanted;
  }
  for (const limit of ['rate_per_minute', 'rate_per_hour'] as const) {
    const wanted = lastChange(entries, limit);
    if (typeof wanted === 'number' && wanted < (key[limit] ?? Infinity)) columns[limit] = wanted;
  }
  return columns as Partial<ApiKey>;
}

/** The last entry that stops a target, unless a lost one let it in again later. */
function standing(entries: readonly AuditEntry[], stops: string, resumes: string): AuditEntry | undefined {
  const last = entries.findLast(({ action }) => action === stops || action === resumes);
  return last?.action === stops ? last : undefined;
}

function changesOf({ changes }: AuditEntry): Changed {
  return (changes ?? {}) as Changed;
}

function changing(entries: readonly AuditEntry[], ...fields: string[]): AuditEntry[] {
  return entries.filter((entry) => fields.some((field) => changesOf(entry)[field] !== undefined));
}

/** The value of a field after the last lost change of it; undefined if none changed it. */
function lastChange(entries: readonly AuditEntry[], field: string): unknown {
  const last = changing(entries, field).at(-1);
  return last && changesOf(last)[field]!.after;
}

function isSame(one: readonly unknown[], other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

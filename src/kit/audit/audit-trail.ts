import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { Readable } from 'node:stream';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { fromTo } from '../lists/date-range.js';
import { equals, equalsId, type Filters } from '../lists/filters.js';
import { alsoFiltered, type PageMaker, type PageRequest } from '../lists/list-queries.js';
import { PreparedPages } from '../lists/prepared-pages.js';
import { Text } from '../../core/validation/decorators.js';
import { ACTOR_TYPES } from './actor.js';
import type { AuditActors, AuditEntryView } from './audit.dto.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-line.js';
import { type Page, type Wire, WireJson } from '../../core/wire/wire-json.js';

/** Of the entries about one key. */
export const KEY_AUDIT_FILTERS: Filters = {
  actor_id: {
    ...equalsId('actor_id'),
    // Entries from before migration 0049 name the account.
    condition: (parameter, orgId) => `actor_id = ANY (ARRAY[${parameter}::uuid,
      (SELECT account_id FROM members WHERE members.org_id = ${orgId} AND members.user_id = ${parameter}::uuid)])`,
  },
  actor_type: { ...equals('actor_type', IsIn(ACTOR_TYPES)), isSlow: true },
  action: equals('action', Text(1, 100)),
  ...fromTo('created_at'),
};

export const AUDIT_FILTERS: Filters = {
  ...KEY_AUDIT_FILTERS,
  api_key_id: {
    ...equalsId('target_id'),
    condition: (parameter) => `(target_type = 'api_key' AND target_id = ${parameter}::uuid)`,
  },
};

/** One `AuditEntryView` as JSON. */
const ENTRY = `
  (SELECT row_to_json(entry)::text FROM (
    SELECT audit_entries.id, ${instantAsText('audit_entries.created_at')} AS created_at, audit_entries.action,
      json_build_object('type', actor_type, 'id', actor_id, 'name', actor_name) AS actor,
      json_build_object('type', target_type, 'id', target_id, 'name', target_name) AS target,
      audit_entries.changes, audit_entries.ip, audit_entries.request_id
  ) entry)`;

const ACTORS_MAX = 1_000;

/**
 * `{items}`: the distinct actors of the org $1 with their newest names. A loose index scan of (org_id, actor_id, id)
 * keeps the cost independent of the number of entries. Old entries of a member name the account.
 */
const ACTORS = `
  WITH RECURSIVE ids AS (
    (SELECT actor_id FROM audit_entries WHERE org_id = $1 AND actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
    UNION ALL
    SELECT following.actor_id FROM ids, LATERAL (
      SELECT actor_id FROM audit_entries WHERE org_id = $1 AND actor_id > ids.actor_id ORDER BY actor_id LIMIT 1
    ) following
  ), named AS (
    (SELECT DISTINCT ON (id) actor_type, coalesce(members.user_id, actor_id) AS id, actor_name
    FROM (SELECT actor_id FROM ids LIMIT ${ACTORS_MAX}) ids
    CROSS JOIN LATERAL (
      SELECT actor_type, actor_name FROM audit_entries
      WHERE org_id = $1 AND actor_id = ids.actor_id ORDER BY id DESC LIMIT 1
    ) newest
    LEFT JOIN members ON org_id = $1 AND account_id = actor_id
    ORDER BY id, members.user_id NULLS FIRST)
    UNION ALL
    (SELECT DISTINCT ON (actor_type) actor_type, actor_id, actor_name FROM audit_entries
      WHERE org_id = $1 AND actor_id IS NULL ORDER BY actor_type, id DESC)
  )
  SELECT json_build_object('items', coalesce(json_agg(json_build_object(
    'type', actor_type, 'id', id, 'name', actor_name) ORDER BY lower(actor_name), id), '[]'))::text
  FROM named`;

const CSV_ENTRIES_PER_READ = 500;
const CSV_TITLES = [
  ...['id', 'created_at', 'action', 'actor_type', 'actor_id', 'actor_name', 'target_type', 'target_id', 'target_name'],
  ...['changes', 'ip', 'request_id'],
];

type Entries = Page<Wire<AuditEntryView>>;

/** The audit entries of an org, newest first [S4]. */
@Injectable()
export class AuditTrail {
  readonly #pages: PreparedPages<AuditEntryView>;

  constructor(private readonly database: Database) {
    this.#pages = new PreparedPages(database, { table: 'audit_entries', item: ENTRY, filters: AUDIT_FILTERS });
  }

  list(orgId: string, page: PageRequest): Promise<WireJson<Entries>> {
    return this.#pages.read(orgId, page);
  }

  /** @param page with KEY_AUDIT_FILTERS */
  ofKey(orgId: string, keyId: string, page: PageRequest): Promise<WireJson<Entries>> {
    return this.#pages.read(orgId, alsoFiltered(page, AUDIT_FILTERS, keyId));
  }

  async actors(orgId: string): Promise<WireJson<AuditActors>> {
    return new WireJson((await this.database.slowReads.run({ name: '', text: ACTORS }, [orgId]))!);
  }

  /**
   * Streams all entries as CSV with backpressure, in batches that hold no connection in between. Reads the first batch
   * before it returns, so that an unavailable database answers 503.
   */
  async csv(orgId: string, pageOf: PageMaker): Promise<Readable> {
    const read = (cursor?: string) => this.#pages.rows(orgId, pageOf(CSV_ENTRIES_PER_READ, cursor));
    const first = await read();
    return Readable.from(csvOf(first, read));
  }
}

async function* csvOf(first: Entries, read: (cursor: string) => Promise<Entries>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(CSV_TITLES) + first.items.map(csvOfEntry).join('');
  for (let { next } = first; next !== null;) {
    const page = await read(next);
    yield page.items.map(csvOfEntry).join('');
    ({ next } = page);
  }
}

function csvOfEntry({ id, created_at, action, actor, target, changes, ip, request_id }: Wire<AuditEntryView>): string {
  const parties = [actor.type, actor.id, actor.name, target.type, target.id, target.name];
  return csvLine([id, created_at, action, ...parties, changes && JSON.stringify(changes), ip, request_id]);
}

import type { EntityMetadata } from 'typeorm';
import type { Principal } from '../../access/principal/principal.js';
import type { EntityClass } from '../../core/database/data-source.js';
import type { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { notFound } from '../../core/errors/core-errors.js';
import { type Envelope, envelopedJson, envelopedPage, type PageEnvelope, type PageQuery } from './envelope.js';
import type { Wire, WireJson } from '../../core/wire/wire-json.js';

/** A condition of a list over the row's columns, with `?` for the value. */
export type Condition = readonly [sql: string, value: string | boolean | readonly string[]];

/** Reads rows as JSON text, limited to the caller's org and agent. */
export class AgentRows<Row extends object> {
  readonly metadata: EntityMetadata;
  /** SQL for a row of the table as JSON. */
  readonly row: string;
  readonly #table: string;
  readonly #read: PreparedRead;

  constructor(
    private readonly database: Database,
    entity: EntityClass & (new () => Row),
    private readonly label: string,
  ) {
    this.metadata = database.dataSource.getMetadata(entity);
    this.row = rowAsJson(this.metadata);
    this.#table = this.metadata.tableName;
    const read = `SELECT ${this.row} FROM "${this.#table}" WHERE org_id = $1 AND agent_id = $2 AND id = $3`;
    this.#read = database.reads.prepare(`${this.#table}.read`, read);
  }

  /** @throws AppError not_found (404) */
  async read({ orgId, agentId }: Principal, id: string): Promise<WireJson<Envelope<Wire<Row>>>> {
    return envelopedJson((await this.#read.json<Wire<Row>>([orgId, agentId, id])) ?? this.notFound());
  }

  /** Returns a page, newest first, with the total number of rows. */
  async page(
    { orgId, agentId }: Principal,
    query: PageQuery,
    conditions: readonly Condition[],
  ): Promise<WireJson<PageEnvelope<Wire<Row>>>> {
    const values: unknown[] = [orgId, agentId];
    const where = ['org_id = $1', 'agent_id = $2'].concat(
      conditions.map(([sql, value]) => {
        const parameter = `$${values.push(value)}`;
        return sql.replaceAll('?', () => parameter);
      }),
    );
    const from = `FROM "${this.#table}" WHERE ${where.join(' AND ')}`;
    const { limit, page } = query;
    const { rows } = await this.database.pool.query<{ items: string; total: number }>(
      `SELECT (SELECT count(*)::int ${from}) AS total,
        '[' || coalesce((SELECT string_agg(item, ',' ORDER BY id DESC) FROM (
          SELECT id, ${this.row} AS item ${from} ORDER BY id DESC LIMIT ${limit} OFFSET ${(page - 1) * limit}
        ) page), '') || ']' AS items`,
      values,
    );
    return envelopedPage(rows[0]!.items, rows[0]!.total, query);
  }

  notFound(): never {
    throw notFound(this.label);
  }
}

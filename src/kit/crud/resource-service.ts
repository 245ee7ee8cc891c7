import type { EntityManager, EntityMetadata } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Principal } from '../../access/principal/principal.js';
import { AuditedTable } from '../audit/audited-table.js';
import type { Database } from '../../core/database/database.js';
import type { PreparedInsert, PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { isUuid, uuidV7 } from '../../core/database/uuid-v7.js';
import { notFound } from '../../core/errors/core-errors.js';
import { constraintRefusal } from '../../core/errors/constraint-refusal.js';
import type { PageRequest } from '../lists/list-queries.js';
import { PreparedPages } from '../lists/prepared-pages.js';
import type { KeyedRow, ResourceDefinition } from './definition.js';

/** JSON that Postgres made, sent as it is. */
export type JsonText = string;
export type Values<E extends object> = QueryDeepPartialEntity<E>;

/** The rules that all resources share: every statement is within the caller's org, every answer is the whole row. */
export class ResourceService<E extends KeyedRow = KeyedRow> {
  protected readonly metadata: EntityMetadata;
  /** Undefined for rows of data, which aren't audited. */
  readonly audited: AuditedTable | undefined;
  /** SQL for one row of the table as JSON, in any statement over it. */
  protected readonly row: string;
  readonly #pages: PreparedPages;
  readonly #read: PreparedRead;
  readonly #insert: PreparedInsert;

  constructor(
    protected readonly database: Database,
    protected readonly definition: ResourceDefinition<E>,
  ) {
    const { entity, audited, computed, filters = {}, maySlow = false, orders } = definition;
    this.audited = audited && new AuditedTable(database, entity, { ...audited, computed: sqlOf(computed) });
    this.metadata = database.dataSource.getMetadata(entity);
    this.row = rowAsJson(this.metadata, sqlOf(computed));
    const table = this.metadata.tableName;
    const read = `SELECT ${this.row} FROM "${table}" WHERE id = $1 AND org_id = $2`;
    this.#read = database.reads.prepare(`${table}.read`, read);
    this.#pages = new PreparedPages(database, {
      table,
      item: this.row,
      filters,
      maySlow,
      ...(orders && { orders }),
    });
    this.#insert = database.inserts.prepare(`${table}.insert`, this.metadata, `RETURNING ${this.row} AS text`);
  }

  /** `{items, next}` */
  list(principal: Principal, page: PageRequest): Promise<JsonText> {
    return this.#pages.text(principal.orgId, page);
  }

  /** @throws AppError not_found (404) */
  async read(principal: Principal, id: string): Promise<JsonText> {
    const row = isUuid(id) ? await this.#read.text([id, principal.orgId]) : undefined;
    return row ?? this.notFound();
  }

  /** @throws AppError taken (409), not_found (404) for a row that the values point to */
  async create(principal: Principal, values: Values<E>): Promise<JsonText> {
    return this.insert({ ...values, id: uuidV7(), org_id: principal.orgId });
  }

  /**
   * Nothing to change is no change.
   * @param manager of the transaction to take part in
   * @throws AppError not_found (404), taken (409)
   */
  async update(
    principal: Principal,
    id: string,
    values: Values<E>,
    manager: EntityManager = this.database.manager,
  ): Promise<JsonText> {
    if (!isUuid(id)) return this.notFound();
    if (Object.values(values).every((value) => value === undefined)) return this.read(principal, id);
    const update = manager.createQueryBuilder().update(this.definition.entity).set(values);
    const where = { id, org_id: principal.orgId };
    const { raw } = await this.refusing(() => update.where(where).returning(`${this.row} AS text`).execute());
    return (raw as { text: JsonText }[])[0]?.text ?? this.notFound();
  }

  /** @throws AppError not_found (404), in_use (409) */
  async delete(principal: Principal, id: string): Promise<void> {
    if (!isUuid(id)) return this.notFound();
    const where = { id, org_id: principal.orgId } as object;
    const { affected } = await this.refusing(() => this.database.manager.delete(this.definition.entity, where));
    if (affected === 0) this.notFound();
  }

  /** @param manager of the transaction to take part in */
  protected async insert(row: Values<E>, manager?: EntityManager): Promise<JsonText> {
    return (await this.refusing(() => this.#insert.run(row, manager)))!;
  }

  /** Runs a write; what a constraint refuses, the client is told in the definition's words. */
  protected async refusing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw constraintRefusal(error, this.definition);
    }
  }

  protected notFound(): never {
    throw notFound(this.definition.label);
  }
}

function sqlOf(computed: ResourceDefinition['computed'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(computed).map(([name, { sql }]) => [name, sql]));
}

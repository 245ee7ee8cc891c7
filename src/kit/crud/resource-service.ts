import type { EntityManager, EntityMetadata } from 'typeorm';
import type { Principal, WithinOrg } from '../../access/principal/principal.js';
import { AuditedTable } from '../audit/audited-table.js';
import type { Database } from '../../core/database/database.js';
import type { PreparedInsert, PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { rowId } from '../../core/wire/row-id.js';
import { notFound } from '../../core/errors/core-errors.js';
import { constraintRefusal } from '../../core/errors/constraint-refusal.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';
import type { PageRequest } from '../lists/list-queries.js';
import { PreparedPages } from '../lists/prepared-pages.js';
import type { KeyedRow, ResourceDefinition, Values } from './definition.js';

/** Base of all resources. Every statement is limited to the caller's org; every answer is the whole row. */
export class ResourceService<E extends KeyedRow = KeyedRow> {
  protected readonly metadata: EntityMetadata;
  /** Undefined for data, which isn't audited. */
  readonly audited: AuditedTable | undefined;
  /** SQL for a row of the table as JSON. */
  protected readonly row: string;
  readonly #pages: PreparedPages<E>;
  readonly #read: PreparedRead;
  readonly #insert: PreparedInsert;

  constructor(
    protected readonly database: Database,
    protected readonly definition: ResourceDefinition<E>,
  ) {
    const { entity, audited, computed, filters = {}, isSlow = false, orders, where } = definition;
    this.audited = audited && new AuditedTable(database, entity, { ...audited, computed: sqlOf(computed) });
    this.metadata = database.dataSource.getMetadata(entity);
    this.row = rowAsJson(this.metadata, sqlOf(computed));
    const table = this.metadata.tableName;
    const read = `SELECT ${this.row} FROM "${table}" WHERE id = $1 AND org_id = $2${where ? ` AND ${where}` : ''}`;
    this.#read = database.reads.prepare(`${table}.read`, read);
    this.#pages = new PreparedPages(database, {
      table,
      item: this.row,
      filters,
      isSlow,
      ...(orders && { orders }),
      ...(where && { where }),
    });
    this.#insert = database.inserts.prepare(`${table}.insert`, this.metadata, `RETURNING ${this.row} AS text`);
  }

  list(principal: WithinOrg, page: PageRequest): Promise<WireJson<Page<Wire<E>>>> {
    return this.#pages.read(principal.orgId, page);
  }

  /** @throws AppError not_found (404) */
  async read(principal: Principal, id: string): Promise<WireJson<Wire<E>>> {
    return (await this.#read.json<Wire<E>>([rowId(id), principal.orgId])) ?? this.notFound();
  }

  /** Like `read`, but parsed, for other services. @throws AppError not_found (404) */
  async find(principal: Principal, id: string): Promise<Wire<E>> {
    return (await this.read(principal, id)).parse();
  }

  /** @throws AppError taken (409), not_found (404) for referenced rows */
  async create(principal: Principal, values: Values<E>): Promise<Wire<E>> {
    return this.insert({ ...this.#columnsOf(values, 'create'), id: uuidV7(), org_id: principal.orgId });
  }

  /**
   * Without values, returns the row unchanged.
   * @param manager of the transaction to join
   * @throws AppError not_found (404), taken (409)
   */
  async update(
    principal: Principal,
    id: string,
    values: Values<E>,
    manager: EntityManager = this.database.manager,
  ): Promise<Wire<E>> {
    if (Object.values(values).every((value) => value === undefined)) return this.find(principal, id);
    const update = manager.createQueryBuilder().update(this.definition.entity).set(this.#columnsOf(values, 'update'));
    const where = { id: rowId(id), org_id: principal.orgId };
    const { raw } = await this.mapConstraintErrors(() =>
      update.where(where).returning(`${this.row}::json AS row`).execute(),
    );
    return (raw as { row: Wire<E> }[])[0]?.row ?? this.notFound();
  }

  /** @throws AppError not_found (404), in_use (409) */
  async delete(principal: Principal, id: string): Promise<void> {
    const where = { id: rowId(id), org_id: principal.orgId } as object;
    const { affected } = await this.mapConstraintErrors(() =>
      this.database.manager.delete(this.definition.entity, where),
    );
    if (affected === 0) this.notFound();
  }

  #columnsOf(fields: Values<E>, operation: 'create' | 'update'): Values<E> {
    return this.definition.columnsOf?.(fields, operation) ?? fields;
  }

  /** @param manager of the transaction to join */
  protected async insert(row: Values<E>, manager?: EntityManager): Promise<Wire<E>> {
    return (await this.mapConstraintErrors(() => this.#insert.row<Wire<E>>(row, manager)))!;
  }

  /** Runs a write and converts constraint violations to client errors. */
  protected async mapConstraintErrors<T>(write: () => Promise<T>): Promise<T> {
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

import type { EntityManager, EntityMetadata, InsertQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Principal } from '../access/principal.js';
import type { OrgOwned } from '../database/base.entity.js';
import type { Database } from '../database/database.js';
import type { PreparedRead } from '../database/prepared-read.js';
import { isUuid, uuidV7 } from '../database/uuid-v7.js';
import { AppError } from '../errors/app-error.js';
import { isUniqueViolation, violatedForeignKey } from '../errors/postgres-error.js';
import type { ResourceDefinition } from './definition.js';
import type { PageRequest } from './list-queries.js';
import { pageSql, rowAsJson } from './wire-sql.js';

/** JSON that Postgres made, sent as it is. */
export type JsonText = string;
export type Values<E extends object> = QueryDeepPartialEntity<E>;

/** The rules that all resources share: every statement is within the caller's org, every answer is the whole row. */
export class ResourceService<E extends OrgOwned = OrgOwned> {
  /** SQL for one row of the table as JSON, in any statement over it. */
  protected readonly row: string;
  readonly #metadata: EntityMetadata;
  readonly #read: PreparedRead;
  readonly #pages = new Map<number, PreparedRead>();

  constructor(
    protected readonly database: Database,
    protected readonly definition: ResourceDefinition<E>,
  ) {
    this.#metadata = database.dataSource.getMetadata(definition.entity);
    const table = this.#metadata.tableName;
    this.row = rowAsJson(this.#metadata, definition.computed);
    this.#read = database.reads.prepare(
      `${table}.read`,
      `SELECT ${this.row} FROM "${table}" WHERE id = $1 AND org_id = $2`,
    );
  }

  /** `{items, next}` */
  async list(principal: Principal, { shape, values }: PageRequest): Promise<JsonText> {
    let page = this.#pages.get(shape);
    if (page === undefined) this.#pages.set(shape, (page = this.#preparePage(shape)));
    return (await page.text([principal.orgId, ...values]))!;
  }

  /** @throws AppError not_found (404) */
  async read(principal: Principal, id: string): Promise<JsonText> {
    const row = isUuid(id) ? await this.#read.text([id, principal.orgId]) : undefined;
    return row ?? this.notFound();
  }

  /** @throws AppError taken (409), not_found (404) for a row that the values point to */
  async create(principal: Principal, values: Values<E>): Promise<JsonText> {
    return this.insert(this.manager, { ...values, id: uuidV7(), org_id: principal.orgId });
  }

  /** Nothing to change is no change. @throws AppError not_found (404), taken (409) */
  async update(principal: Principal, id: string, values: Values<E>): Promise<JsonText> {
    if (!isUuid(id)) return this.notFound();
    if (Object.values(values).every((value) => value === undefined)) return this.read(principal, id);
    const update = this.manager.createQueryBuilder().update(this.definition.entity).set(values);
    const where = { id, org_id: principal.orgId };
    const { raw } = await this.refusing(() => update.where(where).returning(`${this.row} AS row`).execute());
    return rowOf(raw) ?? this.notFound();
  }

  /** @throws AppError not_found (404) */
  async delete(principal: Principal, id: string): Promise<void> {
    if (!isUuid(id)) return this.notFound();
    const where = { id, org_id: principal.orgId } as object;
    const { affected } = await this.refusing(() => this.manager.delete(this.definition.entity, where));
    if (affected === 0) this.notFound();
  }

  protected get manager(): EntityManager {
    return this.database.manager;
  }

  /** @param adjust such as `(insert) => insert.orUpdate(…)` */
  protected async insert(
    manager: EntityManager,
    values: Values<E>,
    adjust = (insert: InsertQueryBuilder<E>) => insert,
  ): Promise<JsonText> {
    const insert = manager.createQueryBuilder().insert().into(this.definition.entity).values(values);
    const answer = insert.updateEntity(false).returning(`${this.row} AS row`);
    const { raw } = await this.refusing(() => adjust(answer).execute());
    return rowOf(raw)!;
  }

  /** Runs a write; what a constraint refuses, the client is told in the definition's words. */
  protected async refusing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      const { label, unique = {}, references = {} } = this.definition;
      const field = Object.entries(unique).find(([constraint]) => isUniqueViolation(error, constraint))?.[1];
      if (field !== undefined) throw new AppError('taken', { what: label, field }, { cause: error });
      const what = references[violatedForeignKey(error) ?? ''];
      if (what !== undefined) throw new AppError('not_found', { what }, { cause: error });
      throw error;
    }
  }

  protected notFound(): never {
    throw new AppError('not_found', { what: this.definition.label });
  }

  #preparePage(shape: number): PreparedRead {
    const filters = Object.values(this.definition.filters ?? {}).filter((_, index) => shape & (2 << index));
    const sql = pageSql(this.#metadata, this.row, (shape & 1) === 1, filters);
    const reads = filters.some(({ maySlow }) => maySlow) ? this.database.slowReads : this.database.reads;
    return reads.prepare(`${this.#metadata.tableName}.page.${shape}`, sql);
  }
}

function rowOf(raw: unknown): JsonText | undefined {
  return (raw as { row: JsonText }[])[0]?.row;
}

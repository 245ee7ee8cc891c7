import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { Optional, QueryInteger } from '../../core/validation/decorators.js';
import { findUnusable } from '../../core/validation/json-body.js';
import { validated } from '../../core/validation/request.pipe.js';
import { IsCursor, isOfOrder, positionOfCursor } from './cursor.js';
import type { Filters } from './filters.js';
import { NEWEST_FIRST, type Orders } from './order.js';

/** A list that was asked for, judged. */
export interface PageRequest {
  /** Which statement: bit 0 for a cursor, then one for each filter, in their order. */
  readonly shape: number;
  /** The statement's values after the org. */
  readonly values: readonly string[];
  /** Name of its order, unless it is the list's first. */
  readonly sort?: string;
}

/** A page of a list whose filters are settled. @param cursor after which it begins */
export type PageMaker = (limit: number, cursor?: string) => PageRequest;

type ListDto = { readonly limit: number; readonly cursor?: string; readonly sort_by?: string };

const JUDGED_MAX = 1_000;
const REMEMBERED_CHARACTERS_MAX = 300;

/**
 * Judges the query strings of one list. Validating one costs a quarter of the request, and clients repeat themselves:
 * what was found good is remembered by its text.
 */
export class ListQueries {
  readonly #judged = new BoundedMap<string, PageRequest>(JUDGED_MAX);
  readonly #filterNames: readonly string[];
  /** Its properties are the list's query parameters. */
  readonly dto: new () => ListDto;

  constructor(
    filters: Filters,
    private readonly orders: Orders = NEWEST_FIRST,
  ) {
    this.#filterNames = Object.keys(filters);
    this.dto = listDtoOf(filters, Object.keys(orders));
  }

  /** @throws AppError invalid_request (400) naming each parameter that is wrong or unknown */
  judge(request: FastifyRequest): PageRequest {
    const start = request.url.indexOf('?');
    const text = start < 0 ? '' : request.url.slice(start);
    return this.#judged.get(text) ?? this.#validate(text, request.query);
  }

  #validate(text: string, query: unknown): PageRequest {
    const problem = findUnusable(query);
    if (problem) throw problem;
    const page = this.#pageOf(validated(query, this.dto));
    if (text.length <= REMEMBERED_CHARACTERS_MAX) this.#judged.set(text, page);
    return page;
  }

  #pageOf({ limit, cursor, sort_by: sort, ...filters }: ListDto & Record<string, unknown>): PageRequest {
    const order = this.orders[sort ?? Object.keys(this.orders)[0]!] ?? null;
    if (cursor !== undefined && !isOfOrder(cursor, order)) throw invalidField('cursor', 'cursor is not valid');
    const page = pageMaker(this.#filterNames, filters)(limit, cursor);
    return sort === undefined ? page : { ...page, sort };
  }
}

/** Judges the query strings of an export: the filters of a list, all of whose pages are taken. */
export class ExportQueries {
  /** Its properties are the query parameters. */
  readonly dto: new () => object;

  constructor(private readonly filters: Filters) {
    class ExportQuery {}
    this.dto = withFilters(ExportQuery, filters);
  }

  /** @throws AppError invalid_request (400) naming each parameter that is wrong or unknown */
  judge(request: FastifyRequest): PageMaker {
    const problem = findUnusable(request.query);
    if (problem) throw problem;
    const given = validated(request.query, this.dto) as Record<string, unknown>;
    return pageMaker(Object.keys(this.filters), given);
  }
}

function pageMaker(names: readonly string[], filters: Readonly<Record<string, unknown>>): PageMaker {
  const given = names.filter((name) => filters[name] !== undefined);
  const filterBits = given.reduce((bits, name) => bits | (2 << names.indexOf(name)), 0);
  const values = given.map((name) => String(filters[name]));
  return (limit, cursor) =>
    cursor === undefined
      ? { shape: filterBits, values: [String(limit), ...values] }
      : { shape: filterBits | 1, values: [String(limit), ...valuesOf(cursor), ...values] };
}

function valuesOf(cursor: string): string[] {
  const { id, number } = positionOfCursor(cursor)!;
  return number === undefined ? [id] : [id, number];
}

function listDtoOf(filters: Filters, sorts: readonly string[]): new () => ListDto {
  class ListQuery {
    @Optional()
    @QueryInteger(1, 100)
    limit: number = 50;

    @Optional()
    @IsCursor()
    cursor?: string;
  }
  if (sorts.length > 1) for (const rule of [Optional(), IsIn(sorts)]) rule(ListQuery.prototype, 'sort_by');
  return withFilters(ListQuery, filters);
}

function withFilters<T extends object>(query: new () => T, filters: Filters): new () => T {
  for (const [name, { rules }] of Object.entries(filters)) {
    for (const rule of [Optional(), ...rules]) rule(query.prototype as object, name);
  }
  return query;
}

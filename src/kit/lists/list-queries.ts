import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { Optional, QueryInteger } from '../../core/validation/decorators.js';
import { findUnusable } from '../../core/validation/json-body.js';
import { validated } from '../../core/validation/request.pipe.js';
import { QueryReader } from '../../core/wire/query-reader.js';
import { IsCursor, isOfOrder, positionOfCursor } from './cursor.js';
import type { Filters } from './filters.js';
import { NEWEST_FIRST, type Orders } from './order.js';

/** A validated request for one page of a list. */
export interface PageRequest {
  /** Selects the statement: bit 0 for a cursor, then one bit per filter in order. */
  readonly shape: number;
  /** Values of the statement, after the org's id. */
  readonly values: readonly string[];
  /** Name of the order; undefined for the default. */
  readonly sort?: string;
}

/** Creates the request for a page with fixed filters. @param cursor of the previous page */
export type PageMaker = (limit: number, cursor?: string) => PageRequest;

type ListDto = { readonly limit: number; readonly cursor?: string; readonly sort_by?: string };

/** Rows of the longest page. */
export const PAGE_MAX = 100;
const CACHED_MAX = 1_000;
const CACHED_CHARACTERS_MAX = 300;

/**
 * Reads the query strings of one list. Validation is a quarter of the cost of a request, and clients repeat query
 * strings, so valid ones are cached.
 */
export class ListQueries extends QueryReader<PageRequest> {
  readonly #cached = new BoundedMap<string, PageRequest>(CACHED_MAX);
  readonly #filterNames: readonly string[];
  readonly dto: new () => ListDto;

  constructor(
    filters: Filters,
    private readonly orders: Orders = NEWEST_FIRST,
  ) {
    super();
    this.#filterNames = Object.keys(filters);
    this.dto = listDtoOf(filters, Object.keys(orders));
  }

  read(request: FastifyRequest): PageRequest {
    const start = request.url.indexOf('?');
    const text = start < 0 ? '' : request.url.slice(start);
    return this.#cached.get(text) ?? this.#validate(text, request.query);
  }

  #validate(text: string, query: unknown): PageRequest {
    const problem = findUnusable(query);
    if (problem) throw problem;
    const page = this.#pageOf(validated(query, this.dto));
    if (text.length <= CACHED_CHARACTERS_MAX) this.#cached.set(text, page);
    return page;
  }

  #pageOf({ limit, cursor, sort_by: sort, ...filters }: ListDto & Record<string, unknown>): PageRequest {
    const order = this.orders[sort ?? Object.keys(this.orders)[0]!] ?? null;
    if (cursor !== undefined && !isOfOrder(cursor, order)) throw invalidField('cursor', 'cursor is not valid');
    const page = pageMaker(this.#filterNames, filters)(limit, cursor);
    return sort === undefined ? page : { ...page, sort };
  }
}

/** Reads the query strings of an export: the filters of a list, without paging. */
export class ExportQueries extends QueryReader<PageMaker> {
  readonly dto: new () => object;

  constructor(private readonly filters: Filters) {
    super();
    class ExportQuery {}
    this.dto = withFilters(ExportQuery, filters);
  }

  read(request: FastifyRequest): PageMaker {
    const problem = findUnusable(request.query);
    if (problem) throw problem;
    const given = validated(request.query, this.dto) as Record<string, unknown>;
    return pageMaker(Object.keys(this.filters), given);
  }
}

/** @param names of all filters of the list @param filters the values of those that are given */
export function pageMaker(names: readonly string[], filters: Readonly<Record<string, unknown>>): PageMaker {
  const given = names.filter((name) => filters[name] !== undefined);
  const filterBits = given.reduce((bits, name) => bits | (2 << names.indexOf(name)), 0);
  const values = given.map((name) => String(filters[name]));
  return (limit, cursor) =>
    cursor === undefined
      ? { shape: filterBits, values: [String(limit), ...values] }
      : { shape: filterBits | 1, values: [String(limit), ...valuesOf(cursor), ...values] };
}

/**
 * A page that was read with all filters but the last one, filtered by that one too.
 * @param value of the last filter
 */
export function alsoFiltered(page: PageRequest, filters: Filters, value: string): PageRequest {
  const last = Object.keys(filters).length - 1;
  return { ...page, shape: page.shape | (2 << last), values: [...page.values, value] };
}

function valuesOf(cursor: string): string[] {
  const { id, number } = positionOfCursor(cursor)!;
  return number === undefined ? [id] : [id, number];
}

function listDtoOf(filters: Filters, sorts: readonly string[]): new () => ListDto {
  class ListQuery {
    @Optional()
    @QueryInteger(1, PAGE_MAX)
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

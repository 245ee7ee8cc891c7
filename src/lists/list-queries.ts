import type { FastifyRequest } from 'fastify';
import { BoundedMap } from '../access/bounded-map.js';
import { Optional, QueryInteger } from '../validation/decorators.js';
import { findUnusable } from '../validation/json-body.js';
import { validated } from '../validation/request.pipe.js';
import { idOfCursor, IsCursor } from './cursor.js';
import type { Filters } from './filters.js';

/** A list that was asked for, judged. */
export interface PageRequest {
  /** Which statement: bit 0 for a cursor, then one for each filter, in their order. */
  readonly shape: number;
  /** The statement's values after the org. */
  readonly values: readonly string[];
}

type ListDto = { readonly limit: number; readonly cursor?: string };

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

  constructor(filters: Filters) {
    this.#filterNames = Object.keys(filters);
    this.dto = listDtoOf(filters);
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

  #pageOf({ limit, cursor, ...filters }: ListDto & Record<string, unknown>): PageRequest {
    const given = this.#filterNames.filter((name) => filters[name] !== undefined);
    const shape = given.reduce(
      (bits, name) => bits | (2 << this.#filterNames.indexOf(name)),
      cursor === undefined ? 0 : 1,
    );
    const after = cursor === undefined ? [] : [idOfCursor(cursor)!];
    return { shape, values: [String(limit), ...after, ...given.map((name) => String(filters[name]))] };
  }
}

function listDtoOf(filters: Filters): new () => ListDto {
  class ListQuery {
    @Optional()
    @QueryInteger(1, 100)
    limit: number = 50;

    @Optional()
    @IsCursor()
    cursor?: string;
  }
  for (const [name, { rules }] of Object.entries(filters)) {
    for (const rule of [Optional(), ...rules]) rule(ListQuery.prototype, name);
  }
  return ListQuery;
}

import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Database } from '../../core/database/database.js';
import { notFound } from '../../core/errors/core-errors.js';
import { type Page, type Wire, WireJson } from '../../core/wire/wire-json.js';
import type { RequestFilters, RequestsQuery } from './request-filters.dto.js';
import { csvOf } from './request-csv.js';
import { facetsStatement, pageStatement, readStatement, type SqlStatement } from './request-pages.js';
import type { Owner, Search } from './request-search.js';
import type { RequestFacets, RequestView } from './request-view.dto.js';

const CSV_REQUESTS_PER_READ = 500;

/** Documents a consequence of `EXAMINED_MAX`. */
export const SHORT_PAGES =
  'A call examines a bounded number of requests. A page with fewer matches than the limit, or none, can have a `next`.';

/** Reads the request log, newest first. */
@Injectable()
export class LoggedRequests {
  constructor(private readonly database: Database) {}

  async list(owner: Owner, query: RequestsQuery & Search): Promise<WireJson<Page<Wire<RequestView>>>> {
    const { limit, cursor, ...search } = query;
    return new WireJson((await this.#text(pageStatement(owner, search, limit, cursor)))!);
  }

  /** @throws AppError not_found (404) */
  async read(owner: Owner, id: string): Promise<WireJson<RequestView>> {
    const text = await this.#text(readStatement(owner, id));
    if (text === undefined) throw notFound('Request');
    return new WireJson(text);
  }

  async facets(orgId: string): Promise<WireJson<RequestFacets>> {
    return new WireJson((await this.#text(facetsStatement(orgId)))!);
  }

  /**
   * Streams all matching requests as CSV with backpressure, in batches that hold no connection in between. Reads the
   * first batch before it returns, so that an unavailable database answers 503.
   */
  async csv(owner: Owner, filters: RequestFilters): Promise<Readable> {
    const read = async (cursor?: string) => {
      const text = await this.#text(pageStatement(owner, filters, CSV_REQUESTS_PER_READ, cursor));
      return new WireJson<Page<Wire<RequestView>>>(text!).parse();
    };
    return Readable.from(csvOf(await read(), read));
  }

  /** Undefined: no row. */
  async #text({ text, values }: SqlStatement): Promise<string | undefined> {
    return (await this.database.slowReads.run({ name: '', text }, values)) ?? undefined;
  }
}

import { Optional, QueryInteger } from '../../core/validation/decorators.js';
import { BOOLEAN, INTEGER, listOf, type Schema, type Shape, TEXT } from '../../core/wire/schema.js';
import { WireJson } from '../../core/wire/wire-json.js';

/** Wraps every successful response of the agent API. */
export interface Envelope<T> {
  readonly success: true;
  readonly message: 'OK';
  readonly data: T;
}

export interface PageEnvelope<T> extends Envelope<T[]> {
  readonly pagination: { page: number; limit: number; total: number; total_pages: number };
}

const HEAD = '{"success":true,"message":"OK","data":';

export function enveloped<T>(data: T): Envelope<T> {
  return { success: true, message: 'OK', data };
}

export function envelopedJson<T>({ text }: WireJson<T>): WireJson<Envelope<T>> {
  return new WireJson(`${HEAD}${text}}`);
}

export class PageQuery {
  @Optional()
  @QueryInteger(1, 1_000_000)
  page: number = 1;

  @Optional()
  @QueryInteger(1, 100)
  limit: number = 20;
}

/** @param items a JSON array @param total number of items of all pages */
export function envelopedPage<T>(items: string, total: number, { page, limit }: PageQuery): WireJson<PageEnvelope<T>> {
  const pagination = { page, limit, total, total_pages: Math.ceil(total / limit) };
  return new WireJson(`${HEAD}${items},"pagination":${JSON.stringify(pagination)}}`);
}

/** Returns the OpenAPI schema of an envelope. */
export function envelopeOf(data: Shape): Schema {
  return {
    type: 'object',
    required: ['success', 'message', 'data'],
    properties: { success: BOOLEAN, message: TEXT, data },
  };
}

export function envelopeOfPage(item: Shape): Schema {
  const { properties, required } = envelopeOf(listOf(item)) as { properties: object; required: string[] };
  const pagination = {
    type: 'object',
    required: ['page', 'limit', 'total', 'total_pages'],
    properties: { page: INTEGER, limit: INTEGER, total: INTEGER, total_pages: INTEGER },
  };
  return { type: 'object', required: [...required, 'pagination'], properties: { ...properties, pagination } };
}

import type { JsonText } from '../../kit/crud/resource-service.js';
import { Optional, QueryInteger } from '../../core/validation/decorators.js';
import { BOOLEAN, INTEGER, listOf, type Schema, type Shape, TEXT } from '../../core/wire/schema.js';

const HEAD = '{"success":true,"message":"OK","data":';

/** What every answer of the agent audience is wrapped in. @param data as Postgres made it */
export function enveloped(data: JsonText): JsonText {
  return `${HEAD}${data}}`;
}

/** Which page of a list. */
export class PageQuery {
  @Optional()
  @QueryInteger(1, 1_000_000)
  page: number = 1;

  @Optional()
  @QueryInteger(1, 100)
  limit: number = 20;
}

/** @param items a JSON list; @param total of all pages */
export function envelopedPage(items: JsonText, total: number, { page, limit }: PageQuery): JsonText {
  const pagination = { page, limit, total, total_pages: Math.ceil(total / limit) };
  return `${HEAD}${items},"pagination":${JSON.stringify(pagination)}}`;
}

/** The envelope in the document. */
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

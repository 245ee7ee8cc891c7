import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { coreErrors } from '../errors/core-errors.js';
import { headerOf } from './header-of.js';

/** One entity tag with what separates it from the next one (RFC 9110 sections 5.6.1 and 8.8.3). */
const NEXT_TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[\t ]*(,[\t ,]*)?/y;

/** The strong entity tag of a revision. */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/** The versions of a row that a change accepts: an `If-Match` header (RFC 9110 section 13.1.1). */
export class IfMatch {
  /** @param tags strong entity tags; undefined: any version */
  private constructor(private readonly tags: ReadonlySet<string> | undefined) {}

  /** @returns undefined if the value is malformed */
  static parse(value: string): IfMatch | undefined {
    if (value.trim() === '*') return new IfMatch(undefined);
    const tags = new Set<string>();
    // A list may begin with empty elements.
    let position = value.length - value.replace(/^[\t ,]+/, '').length;
    do {
      NEXT_TAG.lastIndex = position;
      const [whole, weak, tag, separator] = NEXT_TAG.exec(value) ?? [];
      if (whole === undefined) return undefined;
      position += whole.length;
      if (separator === undefined && position < value.length) return undefined;
      // By the strong comparison, a weak tag matches nothing.
      if (weak === undefined) tags.add(tag!);
    } while (position < value.length);
    return new IfMatch(tags);
  }

  /**
   * Call it under the row's lock, so that of two concurrent editors with one version only the first changes the row.
   * @throws AppError precondition_failed (412), with the row's `ETag`
   */
  assertMatches(revision: number): void {
    const etag = entityTag(revision);
    if (this.tags === undefined || this.tags.has(etag)) return;
    throw coreErrors.precondition_failed({ etag }, { headers: { ETag: etag } });
  }
}

/**
 * Injects the condition of a change; undefined without an `If-Match` header. A route that uses it lists 412 among its
 * refusals.
 * @throws AppError invalid_request (400)
 */
export const CurrentIfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): IfMatch | undefined => {
  const value = headerOf(context.getArgByIndex<FastifyRequest>(0), 'if-match');
  if (value === undefined) return undefined;
  const condition = IfMatch.parse(value);
  if (condition === undefined) {
    throw coreErrors.invalid_request({ message: 'If-Match must be * or a list of entity tags in quotes, such as "3"' });
  }
  return condition;
});

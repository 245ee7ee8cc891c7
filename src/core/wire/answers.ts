import { HttpCode } from '@nestjs/common';
import { pageOf, type Shape } from './schema.js';

/** An answer that is not JSON. */
export interface Media {
  readonly mediaType: string;
}

export const PAGE: Media = { mediaType: 'text/html' };

/** Error statuses that don't follow from the route's policy, path and body. */
export type RefusalStatus = 401 | 403 | 404 | 409 | 412 | 429 | 503;

export interface AnswerDetails {
  /** Details that don't fit into the summary. */
  readonly description?: string;
  /** Further answers, by status. */
  readonly also?: Readonly<Record<number, Shape | Media | undefined>>;
  /** 412 says that the route reads `If-Match`. */
  readonly refusals?: readonly RefusalStatus[];
  /** Whether it has a strong ETag, for `If-Match`. */
  readonly hasRevision?: boolean;
  /** Whether it may be kept: it has an ETag, and a request that names it gets 304. */
  readonly isCached?: boolean;
}

export interface RouteAnswer extends AnswerDetails {
  readonly status: number;
  /** Undefined: no body. */
  readonly shape: Shape | Media | undefined;
  /** One line, for lists of routes. */
  readonly summary: string;
}

/** The reason why a route isn't in the document. */
export interface Unlisted {
  readonly unlisted: string;
}

type Handler = object;

const answers = new WeakMap<Handler, RouteAnswer | Unlisted>();

/** What a route says of its answer; undefined when it says nothing, which a test finds. */
export function answerOf(handler: Handler): RouteAnswer | Unlisted | undefined {
  return answers.get(handler);
}

/**
 * Documents what a route answers when it succeeds, and sets that status.
 * @example @Answers(201, CreatedOrg, 'Create an org', { refusals: [409] })
 */
export function Answers(
  status: number,
  shape: Shape | Media | undefined,
  summary: string,
  details: AnswerDetails = {},
): MethodDecorator {
  return (target, name, descriptor) => {
    HttpCode(status)(target, name, descriptor);
    answers.set(descriptor.value as Handler, { ...details, status, shape, summary });
  };
}

/** `{items, next}`. @example @AnswersPage(Tag, 'List tags') */
export function AnswersPage(item: Shape, summary: string, details?: AnswerDetails): MethodDecorator {
  return Answers(200, pageOf(item), summary, details);
}

/** 204. */
export function AnswersNothing(summary: string, details?: AnswerDetails): MethodDecorator {
  return Answers(204, undefined, summary, details);
}

/** A page or a file that belongs to no client's contract, and why. */
export function NotInDocument(reason: string): MethodDecorator {
  return (_target, _name, descriptor) => {
    answers.set(descriptor.value as Handler, { unlisted: reason });
  };
}

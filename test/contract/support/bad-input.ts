import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { bodyBytesMaxOf } from '../../../src/core/wire/body-limit.js';
import { undocumentedOf } from '../../support/documented-answers.js';
import { inParallel } from './in-parallel.js';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-http.js';
import type { ServedRoute } from './served-routes.js';

export interface BadInput {
  readonly route: ServedRoute;
  readonly what: string;
  readonly request: RawRequest;
  /** The required status; by default any but 5xx, because the route may ignore the input. */
  readonly status?: number | 'any 4xx';
  /** The field that the message must name. */
  readonly field?: string;
}

/** An answer must not grow with its request. */
const ANSWER_CHARACTERS_MAX = 50_000;

/** Sends the inputs. Returns a line for each wrong or missing answer. */
export async function wrongAnswers(url: string, inputs: readonly BadInput[]): Promise<string[]> {
  const lines = await inParallel(inputs, async (input) => {
    const { route, what, request } = input;
    // Routes with a lower body limit refuse a longer body before they read it.
    const { status, field } = isTooLong(input) ? { status: 413 } : input;
    const problem = await sendRaw(url, request).then(
      (answer) => problemOf(answer, status, field) ?? undocumentedOf({ ...request, ...answer, text: answer.body })[0],
      (error: Error) => error.message,
    );
    return problem === undefined ? [] : [`${route.name}, ${what}: ${problem}`];
  });
  return lines.flat();
}

function isTooLong({ route: { handler }, request: { body = '' }, status }: BadInput): boolean {
  const config = (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as object | undefined) ?? {};
  return status !== undefined && Buffer.byteLength(body) > bodyBytesMaxOf(config);
}

function problemOf({ status, headers, body }: RawAnswer, wanted: BadInput['status'], field = ''): string | undefined {
  const seen = `${status} ${body.slice(0, 200)}`;
  if (!(status >= 200 && status < 500)) return seen;
  if (typeof wanted === 'number' ? status !== wanted : wanted === 'any 4xx' && status < 400) return seen;
  if (headers['x-request-id'] === undefined) return `no X-Request-Id: ${seen}`;
  // A spent login link and a missing page of a help center have pages; the document says on which routes.
  const isPage = (status === 404 || status === 410) && headers['content-type']?.startsWith('text/html');
  if (status < 400 || isPage) return undefined;
  if (headers['content-type'] !== 'application/json; charset=utf-8') return `${headers['content-type']}: ${seen}`;
  if (body.length > ANSWER_CHARACTERS_MAX) return `${body.length} characters of answer: ${seen}`;
  const { statusCode, message } = JSON.parse(body) as { statusCode?: unknown; message?: unknown };
  if (statusCode !== status || typeof message !== 'string' || message === '') return seen;
  return message.includes(field) || message.includes('nested deeper') ? undefined : `${field} isn't named: ${seen}`;
}

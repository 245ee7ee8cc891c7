import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { readJsonBody } from '../../core/validation/json-body.js';
import { exposedUrl } from './exposed-place.js';

/** A secret that GitHub found. */
export interface GithubMatch {
  readonly token: string;
  /** The name of the registered pattern. */
  readonly type: string;
  /** Empty: unknown. */
  readonly url: string;
  readonly foundIn: string | null;
}

export const MATCHES_MAX = 5_000;
const TYPE_CHARACTERS_MAX = 200;
const SOURCE = /^[a-z_]{1,50}$/;

/**
 * Reads the body of a report: `[{token, type, url, source}]`.
 * @throws AppError invalid_request (400), which names the match and never quotes it
 */
export function githubMatches(body: string): GithubMatch[] {
  const list = readJsonBody(Buffer.from(body));
  if (!Array.isArray(list)) throw coreErrors.invalid_request({ message: 'The body must be a JSON array.' });
  if (list.length > MATCHES_MAX) {
    throw coreErrors.invalid_request({ message: `The body must have at most ${MATCHES_MAX} matches.` });
  }
  return list.map(githubMatch);
}

function githubMatch(entry: unknown, index: number): GithubMatch {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw invalidRequest([{ field: String(index), message: `${index} must be an object` }]);
  }
  const { token, type, url, source } = entry as Readonly<Record<keyof GithubMatch | 'source', unknown>>;
  for (const [name, value] of Object.entries({ token, type })) {
    if (typeof value !== 'string' || value === '') throw invalidField(`${index}.${name}`, 'must be a string');
  }
  return {
    token: token as string,
    type: (type as string).slice(0, TYPE_CHARACTERS_MAX),
    url: exposedUrl(url) ?? '',
    foundIn: sourceOf(source),
  };
}

/** GitHub documents `Pull_request_title` and sends lower case. */
function sourceOf(source: unknown): string | null {
  const name = typeof source === 'string' ? source.slice(0, 100).toLowerCase() : '';
  return SOURCE.test(name) ? name : null;
}

import type { FieldProblem } from '../../../core/errors/app-error.js';
import type { Action } from './action.entity.js';

export type CalledAction = Pick<Action, 'api_endpoint' | 'request_type' | 'payload'>;

/** A header's name (RFC 9110 section 5.1). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Of the connection, or of the body as it is sent. */
const RESERVED_HEADERS = new Set(
  'accept-encoding connection content-length content-type cookie expect host keep-alive te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

/** What stands in braces, each once. */
export function placeholdersOf(endpoint: string): Set<string> {
  return new Set([...endpoint.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!));
}

/** What is wrong with an action beyond its fields one by one: a call of it could not be put together. */
export function problemsOfAction({ api_endpoint, payload }: CalledAction): FieldProblem[] {
  const placeholders = placeholdersOf(api_endpoint);
  const parameters = payload.parameters ?? [];
  const seen = new Set<string>();
  const problems = parameters.flatMap(({ name, in: place }, index): FieldProblem[] => {
    const field = `payload.parameters.${index}`;
    const key = `${place} ${place === 'header' ? name.toLowerCase() : name}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    if (isRepeated) return [{ field, message: `${field} is listed twice` }];
    if (place === 'path' && !placeholders.has(name)) {
      return [{ field, message: `${field} has no placeholder {${name}} in api_endpoint` }];
    }
    if (place !== 'header' || (TOKEN.test(name) && !RESERVED_HEADERS.has(name.toLowerCase()))) return [];
    return [{ field: `${field}.name`, message: `${field}.name is a header that cannot be set` }];
  });
  const unfilled = [...placeholders].filter((name) => !seen.has(`path ${name}`));
  const open = unfilled.map((name) => ({
    field: 'api_endpoint',
    message: `api_endpoint has the placeholder {${name}}, but the payload has no such path parameter`,
  }));
  return [...open, ...problems];
}

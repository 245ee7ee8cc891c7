import type { FieldProblem } from '../../../core/errors/app-error.js';
import { isSettableHeader } from '../../../kit/outbound/header-name.js';
import type { Action } from './action.entity.js';

export type CalledAction = Pick<Action, 'api_endpoint' | 'request_type' | 'payload'>;

/** Returns the distinct names in braces. */
export function placeholdersOf(endpoint: string): Set<string> {
  return new Set([...endpoint.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!));
}

/** Checks constraints between fields: path parameters must match placeholders, and headers must be allowed. */
export function validateAction({ api_endpoint, payload }: CalledAction): FieldProblem[] {
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
    if (place !== 'header' || isSettableHeader(name)) return [];
    return [{ field: `${field}.name`, message: `${field}.name is a header that cannot be set` }];
  });
  const unfilled = [...placeholders].filter((name) => !seen.has(`path ${name}`));
  const open = unfilled.map((name) => ({
    field: 'api_endpoint',
    message: `api_endpoint has the placeholder {${name}}, but the payload has no such path parameter`,
  }));
  return [...open, ...problems];
}

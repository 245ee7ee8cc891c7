import type { CheckQuestion } from '../api/request-types';
import type { KeyPageSearch } from './key-page-search';

/** The question in the URL; undefined without a path or a scope. */
export function questionOf({ method, path, scope, ip, origin, service }: KeyPageSearch): CheckQuestion | undefined {
  const conditions = { ...(ip && { ip }), ...(origin && { origin }) };
  if (scope !== undefined) return { scope, ...conditions };
  if (path === undefined) return undefined;
  return { method: method ?? 'GET', path, ...(service && { service }), ...conditions };
}

/** The path of what a user pastes: a URL, a path, or a path without its first slash. */
export function pathOf(text: string): string {
  const word = text.trim();
  if (URL.canParse(word)) {
    const { pathname, search } = new URL(word);
    return pathname + search;
  }
  return word.startsWith('/') || word === '' ? word : `/${word}`;
}

import { type Schema, TEXT } from '../../core/wire/schema.js';
import type { CatalogueEntry } from './scope-catalogue.js';
import { scopesIn, scopesOf } from './scopes.js';

/** A scope that a request names: built-in, or of a service. The document lists the built-in ones that are on. */
export const ANY_SCOPE: Schema = listed([...new Set<string>([...scopesOf('org'), ...scopesOf('agent')])]);

/** What the document shows for these schemas. */
export function shownScopes(catalogue: readonly CatalogueEntry[]): ReadonlyMap<unknown, Schema> {
  return new Map([[ANY_SCOPE, listed([...new Set(scopesIn(catalogue))])]]);
}

function listed(scopes: readonly string[]): Schema {
  return scopes.length === 0 ? TEXT : { ...TEXT, examples: scopes };
}

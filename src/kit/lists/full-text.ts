import { Text } from '../../core/validation/decorators.js';
import type { Filter } from './filters.js';

/** What the triggers of searchable tables stem the words with: queries have to do the same. */
const CONFIG = `'english'`;
const CHARACTERS_MAX = 200;

/**
 * The rows with all the words of a text, in any of their forms; the last one may be a beginning, for whoever is still
 * typing. A text without words finds nothing.
 * @param more SQL over the row's columns
 */
export function searchFor(more = 'true'): Filter {
  return {
    rules: [Text(1, CHARACTERS_MAX)],
    // What is compared with NULL is not found.
    condition: (text, org) => `${more} AND ${within(org, `(${allWords(text)} || ':*')::tsquery`)}`,
    maySlow: true,
  };
}

/** SQL: does the row have any of a text's words? @param owner SQL for the id of whose words are looked at */
export function hasAnyWord(owner: string, text: string): string {
  return within(owner, anyWord(text));
}

/** SQL: how much of a text's words there is in the row, from 0 to less than 1. */
export function rankByWords(text: string): string {
  return `ts_rank(words, ${anyWord(text)}, 32)`;
}

/** SQL for the words of a text, with whose they are, where no trigger makes them. */
export function wordsOf(owner: string, text: string): string {
  return `array_to_tsvector(ARRAY[${owner}::uuid::text]) || to_tsvector(${CONFIG}, search_text(${text}))`;
}

function anyWord(text: string): string {
  return `replace(${allWords(text)}, ' & ', ' | ')::tsquery`;
}

/** NULL where there are none. `search_text` makes the words independent of the cluster's locale. */
function allWords(text: string): string {
  return `nullif(plainto_tsquery(${CONFIG}, search_text(${text}))::text, '')`;
}

function within(owner: string, query: string): string {
  return `words @@ (quote_literal(${owner}::uuid::text)::tsquery && ${query})`;
}

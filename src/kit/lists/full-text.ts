import { Text } from '../../core/validation/decorators.js';
import type { Filter } from './filters.js';

/** Must match the text search configuration in the triggers of searchable tables. */
const CONFIG = `'english'`;
const CHARACTERS_MAX = 200;

/**
 * Finds rows with all words of a text, stemmed. The last word is a prefix, to search while typing. A text without
 * words finds nothing.
 * @param more additional SQL condition over the row's columns
 */
export function searchFor(more = 'true'): Filter {
  return {
    rules: [Text(1, CHARACTERS_MAX)],
    // A comparison with NULL matches no row.
    condition: (text, org) => `${more} AND ${within(org, `(${allWords(text)} || ':*')::tsquery`)}`,
    isSlow: true,
  };
}

/** SQL condition: the row has any word of a text. @param owner SQL for the id of the words' owner */
export function hasAnyWord(owner: string, text: string): string {
  return within(owner, anyWord(text));
}

/** SQL for the rank of a row by the words of a text, from 0 to less than 1. */
export function rankByWords(text: string): string {
  return `ts_rank(words, ${anyWord(text)}, 32)`;
}

/** SQL for the tsvector of a text and its owner, for tables without a trigger. */
export function wordsOf(owner: string, text: string): string {
  return `array_to_tsvector(ARRAY[${owner}::uuid::text]) || to_tsvector(${CONFIG}, search_text(${text}))`;
}

function anyWord(text: string): string {
  return `replace(${allWords(text)}, ' & ', ' | ')::tsquery`;
}

/** NULL if there are no words. `search_text` makes the result independent of the cluster's locale. */
function allWords(text: string): string {
  return `nullif(plainto_tsquery(${CONFIG}, search_text(${text}))::text, '')`;
}

function within(owner: string, query: string): string {
  return `words @@ (quote_literal(${owner}::uuid::text)::tsquery && ${query})`;
}

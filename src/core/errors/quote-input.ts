const SHOWN_CHARACTERS_MAX = 64;

/** Quotes client input for an error message: escaped, and cut so that the size of an answer doesn't depend on the input. */
export function quoteInput(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text);
}

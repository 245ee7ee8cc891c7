const SHOWN_CHARACTERS_MAX = 64;

/** Quotes what a client sent for an error sentence: escaped, and cut so that an answer never grows with the input. */
export function quoteInput(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text);
}

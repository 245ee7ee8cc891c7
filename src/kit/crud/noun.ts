/** A row's label in the middle of a sentence. */
export interface Noun {
  /** `a contact`, `an SLA policy` */
  readonly one: string;
  /** `contacts`, `SLA policies` */
  readonly many: string;
}

export function nounOf(label: string): Noun {
  // Of `API key` and `SLA policy` the capitals stay.
  const isInitials = /^[A-Z]{2}/.test(label);
  const word = isInitials ? label : label.charAt(0).toLowerCase() + label.slice(1);
  // Spelled out, F is "eff".
  const isOpen = isInitials ? /^[AEFHILMNORSX]/.test(label) : /^[aeiou]/.test(word);
  return { one: `${isOpen ? 'an' : 'a'} ${word}`, many: pluralOf(word) };
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

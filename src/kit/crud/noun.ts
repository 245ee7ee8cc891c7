/** The label of a row, as used within a sentence. */
export interface Noun {
  /** `a contact`, `an SLA policy` */
  readonly one: string;
  /** `contacts`, `SLA policies` */
  readonly many: string;
}

export function nounOf(label: string): Noun {
  // Keeps capitals of initialisms: `API key`, `SLA policy`.
  const isInitials = /^[A-Z]{2}/.test(label);
  const word = isInitials ? label : label.charAt(0).toLowerCase() + label.slice(1);
  // The article depends on the spoken letter: "an F".
  const isOpen = isInitials ? /^[AEFHILMNORSX]/.test(label) : /^[aeiou]/.test(word);
  return { one: `${isOpen ? 'an' : 'a'} ${word}`, many: pluralOf(word) };
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

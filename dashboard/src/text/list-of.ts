const AND = new Intl.ListFormat('en', { type: 'conjunction' });
const OR = new Intl.ListFormat('en', { type: 'disjunction' });

/** `a, b, and c` */
export function listOf(words: readonly string[]): string {
  return AND.format(words);
}

/** `a, b, or c` */
export function choiceOf(words: readonly string[]): string {
  return OR.format(words);
}

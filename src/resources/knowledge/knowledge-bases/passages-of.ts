/** Small enough that several fit into one prompt. */
export const PASSAGE_CHARACTERS_MAX = 1_000;

/** Where a text may be cut, best first: between paragraphs, lines, sentences, words. */
const CUTS: readonly { readonly at: RegExp; readonly joint: string }[] = [
  { at: /\n{2,}/, joint: '\n\n' },
  { at: /\n/, joint: '\n' },
  { at: /(?<=[.!?…])\s+|(?<=[。！？])/u, joint: ' ' },
  { at: / /, joint: ' ' },
];

/** Splits a text into passages of at most 1,000 characters, at natural boundaries. */
export function* passagesOf(text: string): Generator<string> {
  // Some PDFs contain NUL, which Postgres cannot store.
  const storable = text.toWellFormed().replaceAll('\0', ' ');
  const tidy = storable
    .replace(/\r\n?|\f/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n');
  yield* packed(tidy.trim(), 0);
}

function* packed(text: string, cut: number): Generator<string> {
  if (text.length <= PASSAGE_CHARACTERS_MAX) {
    if (text !== '') yield text;
    return;
  }
  const rule = CUTS[cut];
  if (rule === undefined) return yield* hardCuts(text);
  let open = '';
  for (const part of text.split(rule.at)) {
    if (part === '') continue;
    const longer = open === '' ? part : `${open}${rule.joint}${part}`;
    if (longer.length <= PASSAGE_CHARACTERS_MAX) {
      open = longer;
      continue;
    }
    if (open !== '') yield open;
    open = '';
    if (part.length <= PASSAGE_CHARACTERS_MAX) open = part;
    else yield* packed(part, cut + 1);
  }
  if (open !== '') yield open;
}

/** Cuts text without boundaries, but not inside a surrogate pair. */
function* hardCuts(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + PASSAGE_CHARACTERS_MAX, text.length);
    if (to < text.length && /[\ud800-\udbff]/.test(text[to - 1]!)) to--;
    yield text.slice(from, to);
    from = to;
  }
}

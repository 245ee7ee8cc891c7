/** The characters that tokens consist of after their prefix. Each test takes linear time. */
const ALPHABETS = {
  hex: /^[0-9a-fA-F]+$/,
  letters: /^[A-Za-z]+$/,
  alphanumeric: /^[0-9A-Za-z]+$/,
  base64url: /^[0-9A-Za-z_-]+$/,
  base64: /^[0-9A-Za-z+/=_-]+$/,
  /** Printable ASCII; a header separates its values with commas. */
  visible: /^[\x21-\x2b\x2d-\x7e]+$/,
} as const;

export type TokenAlphabet = keyof typeof ALPHABETS;
export const TOKEN_ALPHABETS = Object.keys(ALPHABETS) as readonly TokenAlphabet[];

/** What all tokens of an import have in common, so that others cost no query. */
export interface TokenPattern {
  readonly prefix: string;
  /** Of the whole token. */
  readonly min_length: number;
  readonly max_length: number;
  readonly alphabet: TokenAlphabet;
}

export function matchesPattern(token: string, { prefix, min_length, max_length, alphabet }: TokenPattern): boolean {
  if (token.length < min_length || token.length > max_length || !token.startsWith(prefix)) return false;
  return ALPHABETS[alphabet].test(prefix === '' ? token : token.slice(prefix.length));
}

export function isOfAlphabet(text: string, alphabet: TokenAlphabet): boolean {
  return ALPHABETS[alphabet].test(text);
}

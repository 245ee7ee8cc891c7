/** Line separators and control characters, which must not be in a header. */
const NOT_SHOWN = /[\p{Cc}\u2028\u2029]+/gu;

export function oneLine(text: string): string {
  return text.replaceAll(NOT_SHOWN, ' ').trim();
}

export function isOneLine(text: string): boolean {
  return text.search(NOT_SHOWN) === -1;
}

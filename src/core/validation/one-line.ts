/** Separators of lines and whatever else isn't shown: what a header must not have, or it would end there. */
const NOT_SHOWN = /[\p{Cc}\u2028\u2029]+/gu;

export function oneLine(text: string): string {
  return text.replaceAll(NOT_SHOWN, ' ').trim();
}

export function isOneLine(text: string): boolean {
  return text.search(NOT_SHOWN) === -1;
}

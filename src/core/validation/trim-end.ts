/** A text without the characters at its end. (`/[…]+$/` takes a time that grows with the square of the text.) */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

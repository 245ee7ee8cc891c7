/** Splits `invoice_number`, `Invoice No.` or `InvoiceNumber` into lower-case words without accents. */
export function wordsOf(name: string): string[] {
  const plain = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('#', ' number ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (/^(no|nr|num)$/.test(word) ? 'number' : word));
}

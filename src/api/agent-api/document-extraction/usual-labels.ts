import { wordsOf } from './words-of.ts';

/** Labels of invoices and forms. Next to a label, they are the next label and not its value. */
const USUAL_LABELS: ReadonlySet<string> = new Set([
  ...['bill to', 'billed to', 'ship to', 'shipped to', 'sold to', 'deliver to', 'invoice to', 'pay to', 'remit to'],
  ...['from', 'to', 'customer', 'client', 'seller', 'supplier', 'vendor'],
  ...['invoice number', 'invoice date', 'invoice details', 'date', 'date of issue', 'issue date', 'due date', 'due'],
  ...['order number', 'po number', 'customer number', 'account number', 'vat number', 'reference', 'iban', 'bic'],
  ...['payment details', 'payment terms', 'terms', 'subtotal', 'total', 'total due', 'amount due', 'balance due'],
  ...['description', 'item', 'quantity', 'qty', 'unit', 'unit price', 'price', 'rate', 'amount'],
]);

/** A row whose label has one of these words sums up the rows above it, if its other words are `SUMMARY_WORDS`. */
const SUM_WORDS: ReadonlySet<string> = new Set([
  ...['total', 'totals', 'subtotal', 'sum', 'balance', 'due', 'payable', 'tax', 'vat', 'gst', 'mwst', 'ust', 'tva'],
  ...['iva', 'gesamt', 'summe', 'zwischensumme', 'gesamtbetrag', 'rechnungsbetrag', 'nettobetrag', 'bruttobetrag'],
]);
const SUMMARY_WORDS: ReadonlySet<string> = new Set([
  ...['amount', 'grand', 'sub', 'net', 'gross', 'sales', 'invoice', 'to', 'pay', 'of', 'on', 'at', 'before', 'after'],
  ...['incl', 'including', 'included', 'excl', 'excluding', 'without', 'with', 'plus', 'inkl', 'exkl', 'zzgl', 'netto'],
  ...['brutto', 'ht', 'ttc', 'usd', 'eur', 'gbp', 'chf'],
]);

/** @param wanted names that the caller uses for labels, as words joined by spaces */
export function isLabel(text: string, wanted: ReadonlySet<string>): boolean {
  const words = wordsOf(text).join(' ');
  return USUAL_LABELS.has(words) || wanted.has(words);
}

/** Whether a row of a table is a total, such as `Subtotal` or `VAT 20 %`. */
export function isSummary(label: string): boolean {
  const words = wordsOf(label).filter((word) => /\D/.test(word));
  return (
    words.some((word) => SUM_WORDS.has(word)) && words.every((word) => SUM_WORDS.has(word) || SUMMARY_WORDS.has(word))
  );
}

import { expect, it } from 'vitest';
import { extractFields } from './extract-fields.js';
import type { FieldType, FieldWanted } from './field-wanted.dto.js';

const wanted = (key: string, type: FieldType, label?: string): FieldWanted => ({ key, type, ...(label && { label }) });
const found = (text: string, field: FieldWanted) => extractFields(text, [field])[field.key];

it.each<[string, string, FieldWanted, unknown, number]>([
  ['a line', 'Invoice number: AT-1', wanted('invoice_number', 'string'), 'AT-1', 0.95],
  ['an abbreviated label', 'Invoice No.: AT-1', wanted('invoice_number', 'string'), 'AT-1', 0.95],
  ['a key in camel case', 'Invoice number: AT-1', wanted('invoiceNumber', 'string'), 'AT-1', 0.95],
  ['a requested label', 'Rechnung Nr.: AT-1', wanted('id', 'string', 'Rechnung Nr'), 'AT-1', 0.95],
  ['an accent', 'Numéro: 12', wanted('numero', 'number'), 12, 0.95],
  ['cells side by side', 'Total due\tCHF 1,334.49', wanted('total_due', 'number'), 1334.49, 0.95],
  ['several pairs in a line', 'Date:\t15.03.2026\tPaid:\tno', wanted('paid', 'boolean'), false, 0.95],
  ['an equals sign', 'paid = yes', wanted('paid', 'boolean'), true, 0.95],
  ['the line below', 'Bill to:\nAcme Ltd.', wanted('bill_to', 'string'), 'Acme Ltd.', 0.66],
  [
    'a URL as the value',
    'Website: https://acme.example/x',
    wanted('website', 'string'),
    'https://acme.example/x',
    0.95,
  ],
  ['a label with more words', 'Total amount due: 12', wanted('total', 'number'), 12, 0.25],
  ['a label with fewer words', 'Number: 12', wanted('invoice_number', 'string'), '12', 0.24],
  ['a value within other text', 'Weight: 42 kilograms', wanted('weight', 'number'), 42, 0.66],
  ['an ambiguous date', 'Date: 03/04/2026', wanted('date', 'date'), '2026-04-03', 0.57],
  ['two labels with different values', 'Total: 12\nTotal: 13', wanted('total', 'number'), 12, 0.57],
  ['two labels with the same value', 'Total: 12\nTotal: 12.00', wanted('total', 'number'), 12, 0.95],
  ['only one value of the right type', 'Date: unknown\nDate: 2026-03-15', wanted('date', 'date'), '2026-03-15', 0.95],
  ['a column', 'Item\tQty\tPrice\nTea\t2\t3.00\nCake\t1\t4.50', wanted('item', 'array'), ['Tea', 'Cake'], 0.81],
  ['a column of one row', 'Item\tQty\tPrice\nTea\t2\t3.00', wanted('price', 'number'), 3, 0.81],
  ['a list in a line', 'Drinks: tea, coffee', wanted('drinks', 'array'), ['tea', 'coffee'], 0.95],
  ['a number sign', 'Invoice #: AT-1', wanted('invoice_number', 'string'), 'AT-1', 0.95],
  ['an empty column between', 'Total due\t\t$1,298.50', wanted('total_due', 'number'), 1298.5, 0.95],
  ['pipes around an empty column', 'Total due | | $1,298.50', wanted('total_due', 'number'), 1298.5, 0.95],
  ['columns aligned with spaces', 'Total due      $1,298.50', wanted('total_due', 'number'), 1298.5, 0.95],
  ['a heading', 'Bill to\nAcme Ltd.\n1 Quay Road', wanted('bill_to', 'string'), 'Acme Ltd.', 0.57],
  [
    'two headings side by side',
    'Bill to\tShip to\nAcme Ltd.\tAcme Shop',
    wanted('bill_to', 'string'),
    'Acme Ltd.',
    0.81,
  ],
  [
    'a heading beside a pair',
    'Bill to\tDate: 5\nAcme Ltd.\tDue date: 6',
    wanted('bill_to', 'string'),
    'Acme Ltd.',
    0.57,
  ],
  [
    'an IBAN without a colon',
    'IBAN CH93 0076 2011 6238 5295 7',
    wanted('iban', 'string'),
    'CH93 0076 2011 6238 5295 7',
    0.76,
  ],
  ['an IBAN before a BIC', 'IBAN: CH93 0076 · BIC: ABC', wanted('iban', 'string'), 'CH93 0076', 0.95],
  ['a number after its label', 'Invoice #1042', wanted('invoice_number', 'string'), '1042', 0.76],
  ['a date after its label', 'Due date 5 May 2026', wanted('due_date', 'date'), '2026-05-05', 0.76],
])('extracts from %s', (_what, text, field, value, confidence) => {
  expect(found(text, field)).toEqual({ value, confidence });
});

it.each([
  ['no label', 'AT-1 was paid on 2026-03-15.', wanted('paid_on', 'date')],
  ['a label without a value', 'Total:', wanted('total', 'number')],
  ['a value of another type', 'Total: see below', wanted('total', 'number')],
  ['another label', 'Subtotal: 12', wanted('total', 'number')],
  ['a colon late in a sentence', `${'word '.repeat(20)}total: 12`, wanted('total', 'number')],
  ['words after the label', 'Total due 30 days after receipt', wanted('total_due', 'number')],
  ['a heading above another heading', 'Bill to\nShip to', wanted('bill_to', 'string')],
  ['a word of a heading', 'Invoice\nAcme Ltd.', wanted('invoice_number', 'string')],
  ['an empty text', '', wanted('total', 'number')],
])('a field is not found with %s', (_what, text, field) => {
  expect(found(text, field)).toEqual({ value: null, confidence: 0 });
});

it.each([
  ['below the items', 'Item\tQty\tPrice\nTea\t2\t3.00\nCake\t1\t4.50\nTotal due\t\t10.50'],
  ['in another column', 'Item\tQty\tPrice\nTea\t2\t3.00\nCake\t1\t4.50\n\tVAT 20 %\t2.10\n\tTotal\t12.60'],
  ['after costs of shipping', 'Item\tQty\tPrice\nTea\t2\t3.00\nCake\t1\t4.50\nSubtotal\t\t10.50\nShipping\t\t5'],
  ['in a table of two columns', 'Item\tPrice\nTea\t3.00\nCake\t4.50\nGrand total (EUR)\t7.50'],
  ['between items', 'Item\tQty\tPrice\nTea\t2\t3.00\nSubtotal\t\t6.00\nCake\t1\t4.50'],
  ['below a table with as many columns', 'Room\tA\nItem\tPrice\nTea\t3.00\nCake\t4.50\nTotal\t7.50'],
])('totals %s are no items', (_where, text) => {
  expect(found(text, wanted('item', 'array'))).toEqual({ value: ['Tea', 'Cake'], confidence: 0.81 });
});

it('an item may have a word of a total in its name', () => {
  const text = 'Item\tQty\tPrice\nTotal Care\t1\t9.00\nTax advice\t2\t50.00';
  expect(found(text, wanted('item', 'array'))!.value).toEqual(['Total Care', 'Tax advice']);
});

it('returns every requested field', () => {
  const fields = [wanted('a', 'string'), wanted('b', 'string')];
  expect(extractFields('A: 1', fields)).toEqual({
    a: { value: '1', confidence: 0.95 },
    b: { value: null, confidence: 0 },
  });
});

it.each([
  `${'a '.repeat(40_000)}: 1`,
  ':'.repeat(80_000),
  `${' '.repeat(80_000)}x`,
  '1,'.repeat(40_000),
  'a\t'.repeat(40_000),
  'a: 1\n'.repeat(40_000),
])('terminates on adversarial text: %.9s…', (text) => {
  const fields = Array.from({ length: 50 }, (_, index) => wanted(`a_${index}`, 'number'));
  expect(Object.keys(extractFields(text, fields))).toHaveLength(50);
});

import { DOCX, PDF, TEXT } from '../../../src/kit/files/media-types.js';
import { type Invoice, LAYOUTS } from './layouts.js';
import { alignedText, docx, pdf, pipedText } from './render.js';

/** What a reader would answer. Null: the document doesn't say it. */
export interface InvoiceValues {
  readonly invoice_number: string;
  readonly invoice_date: string;
  readonly due_date: string;
  readonly bill_to: string;
  readonly items: readonly string[];
  readonly subtotal: number;
  readonly total_due: number;
  readonly iban: string;
  readonly paid: boolean | null;
}

export const INVOICE_SCHEMA = [
  { key: 'invoice_number', type: 'string' },
  { key: 'invoice_date', type: 'date' },
  { key: 'due_date', type: 'date' },
  { key: 'bill_to', type: 'string' },
  { key: 'items', type: 'array', label: 'Description' },
  { key: 'subtotal', type: 'number' },
  { key: 'total_due', type: 'number' },
  { key: 'iban', type: 'string' },
  { key: 'paid', type: 'boolean' },
] as const satisfies readonly { readonly key: keyof InvoiceValues; readonly type: string; readonly label?: string }[];

const BRITISH: Invoice = {
  from: 'Larkfield Cycles Ltd',
  billTo: ['Sandpiper Catering Ltd', '14 Quay Road', 'Bristol BS1 4XX'],
  shipTo: ['Sandpiper Kitchen', '2 Dock Lane', 'Bristol BS1 6XX'],
  number: 'LC-2026-0187',
  date: '3 March 2026',
  due: '2 April 2026',
  items: [
    ['Cargo bike, 3 gears', '1', '£890.00', '£890.00'],
    ['Rain cover', '2', '£45.50', '£91.00'],
    ['Service, first year', '1', '£101.08', '£101.08'],
  ],
  subtotal: '£1,082.08',
  tax: ['VAT 20%', '£216.42'],
  total: '£1,298.50',
  iban: 'GB29 NWBK 6016 1331 9268 19',
  bic: 'NWBKGB2L',
};
const AMERICAN: Invoice = {
  from: 'Pinebrook Tools Inc.',
  billTo: ['Quillmark Studio LLC', '500 Harbor Street', 'Portland, OR 97201'],
  shipTo: ['Quillmark Workshop', '81 Mill Avenue', 'Salem, OR 97301'],
  number: '100482',
  date: 'March 15, 2026',
  due: '04/14/2026',
  items: [
    ['Bench plane', '3', '$120.00', '$360.00'],
    ['Total Care warranty', '1', '$89.99', '$89.99'],
  ],
  subtotal: '$449.99',
  tax: ['Sales tax (8.25%)', '$37.12'],
  total: '$487.11',
  iban: 'FR14 2004 1010 0505 0001 3M02 606',
  bic: 'PSSTFRPP',
};
const GERMAN: Invoice = {
  from: 'Brightwater Druck GmbH',
  billTo: ['Fernlicht Bücher & Söhne KG', 'Hafenstraße 7', '20457 Hamburg'],
  shipTo: ['Fernlicht Lager', 'Kaiweg 12', '20459 Hamburg'],
  number: 'RE/2026/55',
  date: '15.03.2026',
  due: '14.04.2026',
  items: [
    ['Plakate A2', '250', '1,20 €', '300,00 €'],
    ['Faltblätter', '10.000', '0,085 €', '850,00 €'],
    ['Versand', '1', '18,00 €', '18,00 €'],
    ['Proof', '2', '12,50 €', '25,00 €'],
  ],
  subtotal: '1.193,00 €',
  tax: ['VAT 19 %', '226,67 €'],
  total: '1.419,67 €',
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
};

const VALUES = {
  british: {
    invoice_number: 'LC-2026-0187',
    invoice_date: '2026-03-03',
    due_date: '2026-04-02',
    bill_to: 'Sandpiper Catering Ltd',
    items: ['Cargo bike, 3 gears', 'Rain cover', 'Service, first year'],
    subtotal: 1082.08,
    total_due: 1298.5,
    iban: 'GB29 NWBK 6016 1331 9268 19',
  },
  american: {
    invoice_number: '100482',
    invoice_date: '2026-03-15',
    due_date: '2026-04-14',
    bill_to: 'Quillmark Studio LLC',
    items: ['Bench plane', 'Total Care warranty'],
    subtotal: 449.99,
    total_due: 487.11,
    iban: 'FR14 2004 1010 0505 0001 3M02 606',
  },
  german: {
    invoice_number: 'RE/2026/55',
    invoice_date: '2026-03-15',
    due_date: '2026-04-14',
    bill_to: 'Fernlicht Bücher & Söhne KG',
    items: ['Plakate A2', 'Faltblätter', 'Versand', 'Proof'],
    subtotal: 1193,
    total_due: 1419.67,
    iban: 'DE89 3704 0044 0532 0130 00',
  },
};
const INVOICES = { british: BRITISH, american: AMERICAN, german: GERMAN };
const FORMATS = {
  txt: { contentType: TEXT, render: alignedText },
  'txt with pipes': { contentType: TEXT, render: pipedText },
  pdf: { contentType: PDF, render: pdf },
  docx: { contentType: DOCX, render: docx },
};

export interface InvoiceDocument {
  readonly name: string;
  readonly content: Buffer;
  readonly contentType: string;
  readonly values: InvoiceValues;
}

function document(
  format: keyof typeof FORMATS,
  layout: keyof typeof LAYOUTS,
  invoice: keyof typeof INVOICES,
): InvoiceDocument {
  const { render, contentType } = FORMATS[format];
  return {
    name: `${format}, ${layout}, ${invoice}`,
    content: render(LAYOUTS[layout](INVOICES[invoice])),
    contentType,
    // Only this layout says whether it is paid.
    values: { ...VALUES[invoice], paid: layout === 'form' ? false : null },
  };
}

/** Each format in three layouts, with the notation of three countries. */
export const INVOICE_DOCUMENTS: readonly InvoiceDocument[] = [
  document('txt', 'letter', 'british'),
  document('txt with pipes', 'grid', 'american'),
  document('txt', 'form', 'german'),
  document('pdf', 'letter', 'american'),
  document('pdf', 'grid', 'german'),
  document('pdf', 'form', 'british'),
  document('docx', 'letter', 'british'),
  document('docx', 'grid', 'american'),
  document('docx', 'form', 'german'),
];

/** A page, from top to bottom: lines of text and tables, with an empty line between two of them. */
export type Page = readonly (readonly string[] | Table)[];

export interface Table {
  /** A cell can be empty. A row with fewer cells than the first one spans the rest. */
  readonly rows: readonly (readonly string[])[];
  /** Where each column starts, in characters. */
  readonly starts: readonly number[];
}

export interface Invoice {
  readonly from: string;
  readonly billTo: readonly [name: string, ...address: string[]];
  readonly shipTo: readonly [name: string, ...address: string[]];
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly items: readonly (readonly [description: string, quantity: string, price: string, amount: string])[];
  readonly subtotal: string;
  readonly tax: readonly [label: string, amount: string];
  readonly total: string;
  readonly iban: string;
  readonly bic: string;
}

export const LAYOUTS = { letter, grid, form };

/** An address under a heading, `label: value` lines, and totals in the last column of the items. */
function letter(invoice: Invoice): Page {
  const { from, billTo, number, date, due, items, subtotal, tax, total, iban } = invoice;
  return [
    [from, 'INVOICE'],
    [`Invoice #: ${number}`, `Invoice date: ${date}`, `Due date: ${due}`],
    ['Bill to', ...billTo],
    {
      starts: [0, 36, 44, 58],
      rows: [
        ['Description', 'Qty', 'Unit price', 'Amount'],
        ...items,
        ['Subtotal', '', '', subtotal],
        [tax[0], '', '', tax[1]],
        ['Total due', '', '', total],
      ],
    },
    ['Please pay within the agreed time.', `IBAN: ${iban}`],
  ];
}

/** Labels above their values, two addresses side by side, and totals beside the last columns. */
function grid(invoice: Invoice): Page {
  const { from, billTo, shipTo, number, date, due, items, subtotal, tax, total, iban, bic } = invoice;
  return [
    [from],
    {
      starts: [0, 24, 48],
      rows: [
        ['Invoice number', 'Invoice date', 'Due date'],
        [number, date, due],
      ],
    },
    { starts: [0, 36], rows: [['Bill to', 'Ship to'], ...billTo.map((line, index) => [line, shipTo[index]!])] },
    {
      starts: [0, 36, 44, 58],
      rows: [
        ['Description', 'Quantity', 'Price', 'Amount'],
        ...items,
        ['', '', 'Subtotal', subtotal],
        ['', '', ...tax],
        ['', '', 'Total due', total],
      ],
    },
    [`IBAN ${iban} · BIC ${bic}`],
  ];
}

/** Two columns of labels and values, and items with only their amounts. */
function form(invoice: Invoice): Page {
  const { from, billTo, number, date, due, items, subtotal, tax, total, iban } = invoice;
  return [
    ['Invoice', from],
    {
      starts: [0, 20],
      rows: [
        ['Invoice no.', number],
        ['Date', date],
        ['Due date', due],
        ['Bill to', billTo[0]],
        ['Paid', 'no'],
      ],
    },
    {
      starts: [0, 44],
      rows: [
        ['Description', 'Amount'],
        ...items.map(([description, , , amount]) => [description, amount]),
        ['Subtotal', subtotal],
        tax,
        ['Total due', total],
      ],
    },
    ['Bank transfer to', `IBAN ${iban}`],
  ];
}

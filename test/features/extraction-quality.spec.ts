import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { newAgentKey } from '../support/agent-key.js';
import {
  INVOICE_DOCUMENTS,
  INVOICE_SCHEMA,
  type InvoiceDocument,
  type InvoiceValues,
} from '../support/invoices/invoices.js';
import { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

type Field = keyof InvoiceValues;
type Extracted = Readonly<Record<Field, InvoiceValues[Field] | null>>;

const server = TestServer.forSuite();
const extracted = new Map<InvoiceDocument, Extracted>();
beforeAll(async () => {
  const { id: agent, client } = await newAgentKey(server, await server.newOrg());
  const read = async ({ name, content, contentType }: InvoiceDocument): Promise<Extracted> => {
    const posted = client
      .post(`/v1/open/document-extraction/chatbots/${agent}`)
      .attach('file', content, { filename: name, contentType })
      .field('schema', JSON.stringify(INVOICE_SCHEMA));
    const path = `/v1/open/document-extraction/${(await posted.expect(202)).body.data.id}/chatbots/${agent}`;
    let extraction!: { status: string; fields: Record<Field, { value: Extracted[Field] }> };
    await until('it is read', async () => {
      extraction = (await client.get(path).expect(200)).body.data;
      return extraction.status === 'completed';
    });
    const values = Object.entries(extraction.fields).map(([key, { value }]) => [key, value]);
    return Object.fromEntries(values) as Extracted;
  };
  const all = await Promise.all(INVOICE_DOCUMENTS.map(read));
  INVOICE_DOCUMENTS.forEach((document, index) => extracted.set(document, all[index]!));
});

it.each(INVOICE_DOCUMENTS)('the values of an invoice are right: $name', (document) => {
  expect(extracted.get(document)).toEqual(document.values);
});

it('docs/extraction.md has the measured precision and recall', () => {
  const rows = INVOICE_SCHEMA.map(({ key }) => {
    const pairs = INVOICE_DOCUMENTS.map((document) => [document.values[key], extracted.get(document)![key]] as const);
    const given = pairs.filter(([, value]) => value !== null).length;
    const stated = pairs.filter(([value]) => value !== null).length;
    const right = pairs.filter(([value, got]) => got !== null && String(got) === String(value)).length;
    return `${key}: ${right} of ${given}, ${right} of ${stated}`;
  });
  const page = readFileSync('docs/extraction.md', 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` +\| ([\w ]+?) +\| ([\w ]+?) +\|$/gm)];
  expect(documented.map(([, key, precision, recall]) => `${key}: ${precision}, ${recall}`)).toEqual(rows);
});

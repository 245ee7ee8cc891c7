import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { createDeflate, createDeflateRaw, crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { DOCX, PDF } from '../../src/files/media-types.js';
import { textOfDocument, UnreadableDocument } from '../../src/documents/document-text.js';

const MEBIBYTE = Buffer.alloc(1024 * 1024, ' ');
const UNPACKED_MEBIBYTES = 900;
const signal = new AbortController().signal;

async function* mebibytes(): AsyncGenerator<Buffer> {
  for (let count = 0; count < UNPACKED_MEBIBYTES; count++) yield MEBIBYTE;
}

/** One page whose content unpacks to far more than a page. */
async function largePdf(): Promise<Buffer> {
  const content = await buffer(Readable.from(mebibytes()).pipe(createDeflate()));
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>',
  ].map((object, index) => `${index + 1} 0 obj${object}endobj\n`);
  const head = `%PDF-1.7\n${objects.join('')}4 0 obj<</Length ${content.length}/Filter/FlateDecode>>stream\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>')]);
}

/** An archive with one entry, which says of itself that it is small. */
async function largeDocx(): Promise<Buffer> {
  const name = Buffer.from('word/document.xml');
  const packed = await buffer(Readable.from(mebibytes()).pipe(createDeflateRaw()));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32('x'), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(1, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, packed]);
  const central = Buffer.concat([Buffer.from('504b01021400', 'hex'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

it.each([
  ['PDF', PDF, largePdf],
  ['DOCX', DOCX, largeDocx],
] as const)(
  'a %s that unpacks to what no server has ends its own thread',
  { timeout: 120_000 },
  async (_what, type, make) => {
    const document = await make();
    expect(document.length).toBeLessThan(10 * 1024 * 1024);
    await expect(textOfDocument(document, type, signal)).rejects.toThrow(/too much memory/);
    const invoice = readFileSync('test/fixtures/invoice.pdf');
    expect(await textOfDocument(invoice, PDF, signal)).toContain('AT-2026-0315');
  },
);

it('a document whose reading is called off is read no further', async () => {
  const controller = new AbortController();
  const reading = textOfDocument(readFileSync('test/fixtures/invoice.pdf'), PDF, controller.signal);
  controller.abort(new Error('the server ends'));
  await expect(reading).rejects.toThrow('the server ends');
  await expect(textOfDocument(Buffer.from('  \n'), 'text/plain', signal)).rejects.toThrow(UnreadableDocument);
});

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

/** An archive with one entry. @param declaredBytes what it says that the entry unpacks to */
async function largeDocx(declaredBytes: number): Promise<Buffer> {
  const name = Buffer.from('word/document.xml');
  const packed = await buffer(Readable.from(mebibytes()).pipe(createDeflateRaw()));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32('x'), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(declaredBytes, 18);
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

/** The most that this process grows by meanwhile, in MiB. */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  await work().finally(() => clearInterval(watch));
  return (most - before) / 1024 / 1024;
}

it.each([
  ['PDF', PDF, largePdf, /too much memory/],
  ['DOCX that says so', DOCX, () => largeDocx(UNPACKED_MEBIBYTES * MEBIBYTE.length), /unpacks to too much/],
  ['DOCX that says that it is small', DOCX, () => largeDocx(1), /damaged/],
] as const)(
  'a %s of 900 MB unpacked is refused for good, two at once too, and memory stays bounded',
  { timeout: 120_000 },
  async (_what, type, make, problem) => {
    const document = await make();
    expect(document.length).toBeLessThan(10 * 1024 * 1024);
    const growth = await growthDuring(async () => {
      const readings = [document, document].map((each) => textOfDocument(each, type, signal));
      for (const { reason } of (await Promise.allSettled(readings)) as PromiseRejectedResult[]) {
        expect(reason).toBeInstanceOf(UnreadableDocument);
        expect((reason as Error).message).toMatch(problem);
      }
    });
    expect(growth).toBeLessThan(UNPACKED_MEBIBYTES);
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

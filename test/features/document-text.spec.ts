import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCX, PDF } from '../../src/kit/files/media-types.js';
import { textOfDocument, UnreadableDocument } from '../../src/kit/document-text/document-text.js';
import { largeDocx, largePdf, UNPACKED_MEBIBYTES } from '../support/large-documents.js';

const signal = new AbortController().signal;

/** The peak growth of this process's memory during `work`, in MiB. */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  await work().finally(() => clearInterval(watch));
  return (most - before) / 1024 / 1024;
}

it.each([
  // On a busy machine the time is over first.
  ['PDF', PDF, largePdf, /too much memory|too long/],
  ['DOCX that says so', DOCX, () => largeDocx(UNPACKED_MEBIBYTES * 1024 * 1024), /unpacks to too much/],
  ['DOCX that says that it is small', DOCX, () => largeDocx(1), /damaged/],
] as const)(
  'a %s of 900 MB unpacked is refused, also twice concurrently, with bounded memory',
  async (_what, type, make, problem) => {
    const document = make();
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

it('an aborted document is read no further', async () => {
  const controller = new AbortController();
  const reading = textOfDocument(readFileSync('test/fixtures/invoice.pdf'), PDF, controller.signal);
  controller.abort(new Error('the server ends'));
  await expect(reading).rejects.toThrow('the server ends');
  await expect(textOfDocument(Buffer.from('  \n'), 'text/plain', signal)).rejects.toThrow(UnreadableDocument);
});

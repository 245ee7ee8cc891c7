// Entry point of a worker thread. Its value imports end in .ts, so that tests can run it from the source.
import { parentPort, workerData } from 'node:worker_threads';
import type { StructuredTextItem } from 'unpdf';
import { ArchiveTooLarge, assertUnpacksWithinBounds } from './archive-bounds.ts';

const { bytes, mediaType } = workerData as { bytes: Uint8Array; mediaType: string };
/** Gaps relative to the height of the text: from `CELL_GAP` a new cell starts, from `SPACE_GAP` a new word. */
const CELL_GAP = 1;
const SPACE_GAP = 0.15;
/** Relative to the height of the text: items with a smaller vertical distance are in the same line. */
const SAME_LINE = 0.5;
/** More than any book has. Limits the message to the main thread. */
const CHARACTERS_MAX = 20_000_000;

// Loads only the library of the type: loading both takes longer than reading most documents.
const textOf = mediaType === 'application/pdf' ? await pdfReader() : await docxReader();
try {
  const text = await textOf();
  parentPort!.postMessage(text.length > CHARACTERS_MAX ? { problem: 'The document has too much text.' } : { text });
} catch (error) {
  parentPort!.postMessage({ problem: problemOf(error as Error) });
}

function problemOf(error: Error): string {
  if (error instanceof ArchiveTooLarge) return 'The document unpacks to too much.';
  return error.name === 'PasswordException' ? 'The document is encrypted.' : 'The document is damaged.';
}

async function pdfReader(): Promise<() => Promise<string>> {
  const { extractTextItems, getDocumentProxy } = await import('unpdf');
  return async () => {
    // Otherwise it prints warnings about the document to the log.
    const { items } = await extractTextItems(await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }));
    return items.map((page) => linesOf(page).join('\n')).join('\n\n');
  };
}

/** Derives lines and cells from positions, because a PDF has only positioned text. */
function linesOf(items: readonly StructuredTextItem[]): string[] {
  const lines: StructuredTextItem[][] = [];
  for (const item of items.filter(({ str }) => str.trim() !== '')) {
    const line = lines.find(([first]) => Math.abs(first!.y - item.y) < SAME_LINE * first!.fontSize);
    if (line) line.push(item);
    else lines.push([item]);
  }
  lines.sort(([one], [other]) => other!.y - one!.y);
  return lines.map((line) => joined(line.sort((one, other) => one.x - other.x)));
}

function joined(line: readonly StructuredTextItem[]): string {
  return line
    .map((item, index) => {
      const before = line[index - 1];
      if (before === undefined) return item.str;
      const gap = (item.x - before.x - before.width) / (item.fontSize || 1);
      return (gap > CELL_GAP ? '\t' : gap > SPACE_GAP ? ' ' : '') + item.str;
    })
    .join('');
}

async function docxReader(): Promise<() => Promise<string>> {
  const { default: mammoth } = await import('mammoth');
  return async () => {
    await assertUnpacksWithinBounds(Buffer.from(bytes));
    // Drops images, which would otherwise end up in the text.
    const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage });
    return textOfHtml(value);
  };
}

/** Converts mammoth's HTML, which is well-formed XML: one line per paragraph and per table row, cells on one line. */
function textOfHtml(html: string): string {
  let text = '';
  let row: string[] = [];
  let cell: string | undefined;
  const write = (part: string) => {
    if (cell === undefined) text += part;
    else cell += part;
  };
  for (const [token] of html.matchAll(/<[^<>]*>|[^<]+/g)) {
    if (!token.startsWith('<')) write(unescaped(token));
    else if (/^<tr[ >]/.test(token)) row = [];
    else if (/^<t[dh][ >]/.test(token)) cell = '';
    else if (/^<\/t[dh]>/.test(token)) {
      row.push(cell?.trim() ?? '');
      cell = undefined;
    } else if (token === '</tr>') write(`${row.join('\t')}\n`);
    else if (/^(<\/(p|h\d|li)>|<br)/.test(token)) write(cell === undefined ? '\n' : ' ');
  }
  return text;
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name]!);
}

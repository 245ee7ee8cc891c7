import { crc32 } from 'node:zlib';
import type { Page, Table } from './layouts.js';

const isTable = (block: Page[number]): block is Table => 'rows' in block;

/** Columns are aligned with spaces, which leaves nothing of an empty cell. */
export function alignedText(page: Page): Buffer {
  return textOf(page, ({ rows, starts }) =>
    rows.map((row) => row.reduce((line, cell, column) => line.padEnd(starts[column]!) + cell, '').trimEnd()),
  );
}

/** Columns are separated by pipes, with a rule below the header. */
export function pipedText(page: Page): Buffer {
  return textOf(page, ({ rows: [header, ...rows] }) => [
    header!.join(' | '),
    header!.map((cell) => '-'.repeat(cell.length)).join('-|-'),
    ...rows.map((row) => row.join(' | ')),
  ]);
}

function textOf(page: Page, linesOf: (table: Table) => string[]): Buffer {
  const blocks = page.map((block) => (isTable(block) ? linesOf(block) : block).join('\n'));
  return Buffer.from(`${blocks.join('\n\n')}\n`);
}

const CHARACTER_POINTS = 6;
const LINE_POINTS = 14;

/** A page of positioned text, as printing programs write it. */
export function pdf(page: Page): Buffer {
  let y = 780;
  const texts = page.flatMap((block) => {
    y -= LINE_POINTS;
    const lines = isTable(block) ? block.rows : block.map((line) => [line]);
    return lines.flatMap((cells) => {
      y -= LINE_POINTS;
      return cells.map((cell, column) => {
        const x = 50 + (isTable(block) ? block.starts[column]! * CHARACTER_POINTS : 0);
        return cell === '' ? '' : `BT /F1 10 Tf 1 0 0 1 ${x} ${y} Tm (${pdfString(cell)}) Tj ET\n`;
      });
    });
  });
  const content = texts.join('');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ].map((object, index) => `${index + 1} 0 obj${object}endobj\n`);
  return Buffer.from(`%PDF-1.7\n${objects.join('')}trailer<</Root 1 0 R>>`, 'latin1');
}

/** In WinAnsiEncoding, which is Latin-1 and has the euro sign at 0x80. */
function pdfString(text: string): string {
  return text.replace(/[()\\]/g, String.raw`\$&`).replaceAll('€', String.raw`\200`);
}

/** A document of paragraphs and tables. */
export function docx(page: Page): Buffer {
  const body = page.map((block) => {
    if (!isTable(block)) return block.map(paragraph).join('');
    const rows = block.rows.map(
      (row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`,
    );
    return `<w:tbl>${rows.join('')}</w:tbl>${paragraph('')}`;
  });
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const officeDocument = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
  const documentType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  return archive({
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${documentType}"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${officeDocument}" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${main}"><w:body>${body.join('')}</w:body></w:document>`,
  });
}

function paragraph(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<w:p><w:r><w:t xml:space="preserve">${escaped}</w:t></w:r></w:p>`;
}

/** A ZIP archive without compression. */
function archive(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    locals.push(Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, content]));
    centrals.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, place, name]));
    offset += locals.at(-1)!.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

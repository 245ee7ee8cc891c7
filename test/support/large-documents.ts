import { constants, crc32, deflateRawSync } from 'node:zlib';

const MEBIBYTE = 1024 * 1024;
export const UNPACKED_MEBIBYTES = 900;

/** Blanks, packed as raw deflate: one mebibyte after the other, each packed without regard to those before it. */
function packedBlanks(): Buffer {
  const one = deflateRawSync(Buffer.alloc(MEBIBYTE, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array<Buffer>(UNPACKED_MEBIBYTES).fill(one), deflateRawSync('')]);
}

/** A PDF of one page with a huge decompressed size. */
export function largePdf(): Buffer {
  // A zlib header without the checksum, which PDF readers ignore.
  const content = Buffer.concat([Buffer.from('789c', 'hex'), packedBlanks()]);
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>',
  ].map((object, index) => `${index + 1} 0 obj${object}endobj\n`);
  const head = `%PDF-1.7\n${objects.join('')}4 0 obj<</Length ${content.length}/Filter/FlateDecode>>stream\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>')]);
}

/** An archive with one entry. @param declaredBytes the declared decompressed size */
export function largeDocx(declaredBytes: number): Buffer {
  const name = Buffer.from('word/document.xml');
  const packed = packedBlanks();
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

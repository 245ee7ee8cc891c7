import { open } from 'node:fs/promises';
import { invalidField } from '../../core/errors/invalid-request.js';
import { fileErrors } from './files.errors.js';

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const PDF = 'application/pdf';
export const TEXT = 'text/plain';
export const MARKDOWN = 'text/markdown';

/** What people call the types that files of ours can have. */
const NAMES: Readonly<Record<string, string>> = {
  [PDF]: 'PDF',
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  [DOCX]: 'DOCX',
  [TEXT]: 'TXT',
  [MARKDOWN]: 'MD',
};
/** Says nothing about the content. A part without a Content-Type is text/plain by RFC 7578, section 4.4. */
const UNSAID = ['', 'application/octet-stream', 'binary/octet-stream', TEXT];
/** Older names that clients still send. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['application/x-pdf', PDF],
  ['text/x-markdown', MARKDOWN],
]);

/**
 * What a file is by its content, which has to be what it was sent as.
 * @param path of the whole file
 * @param declared the part's own Content-Type
 * @throws AppError file_type_not_allowed or text_not_utf8 (415), invalid_request (400) where the two differ
 */
export async function judgeType(path: string, declared: string, allowed: readonly string[]): Promise<string> {
  const written = declared.split(';', 1)[0]!.trim().toLowerCase();
  const sentAs = ALIASES.get(written) ?? written;
  const found = await typeOf(path);
  // Its content doesn't tell it from other text.
  const type = found === TEXT && sentAs === MARKDOWN ? MARKDOWN : found;
  const isSaid = !UNSAID.includes(sentAs);
  if (type === undefined || !allowed.includes(type) || (isSaid && !allowed.includes(sentAs))) {
    const mayBeText = isSaid ? sentAs.startsWith('text/') : written === TEXT;
    if (found === undefined && allowed.includes(TEXT) && (await isOtherText(path, mayBeText))) {
      throw fileErrors.text_not_utf8();
    }
    const names = allowed.map((each) => NAMES[each] ?? each);
    throw fileErrors.file_type_not_allowed({ types: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` });
  }
  if (isSaid && sentAs !== type) throw invalidField('file', `file was sent as ${sentAs}, but is ${type}`);
  return type;
}

async function typeOf(path: string): Promise<string | undefined> {
  // Loaded when the first file comes: a start has no use for it.
  const { fileTypeFromFile } = await import('file-type');
  const found = (await fileTypeFromFile(path))?.mime;
  if (found !== undefined && found in NAMES) return found;
  // Text has no signature, and some that looks like something else is text all the same.
  return (await isText(path)) ? TEXT : undefined;
}

/** The byte order marks of UTF-16; UTF-32 in little endian begins like it. */
const UTF_16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
const LOOKED_AT_BYTES = 4096;
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\0-\x08\x0e-\x1f]/;

/** @param mayBeText whether it was sent as text: without a byte order mark no content tells it from what is none */
async function isOtherText(path: string, mayBeText: boolean): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, 0);
    if (UTF_16.some((mark) => buffer.subarray(0, mark.length).equals(mark))) return true;
    return mayBeText && !CONTROLS.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** UTF-8 without control characters but those that lay out text. */
async function isText(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const file = await open(path);
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      if (CONTROLS.test(decoder.decode(chunk as Buffer, { stream: true }))) return false;
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    await file.close();
  }
}

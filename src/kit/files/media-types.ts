import { open } from 'node:fs/promises';
import { invalidField } from '../../core/errors/invalid-request.js';
import { fileErrors } from './files.errors.js';

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const PDF = 'application/pdf';
export const TEXT = 'text/plain';
export const MARKDOWN = 'text/markdown';

/** Names of the supported types in error messages. */
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
/** Types that don't declare the content. A part without a Content-Type is text/plain (RFC 7578, section 4.4). */
const UNDECLARED = ['', 'application/octet-stream', 'binary/octet-stream', TEXT];
/** Older names that clients still send. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['application/x-pdf', PDF],
  ['text/x-markdown', MARKDOWN],
]);

/**
 * Detects the type of a file from its content.
 * @param path of the complete file
 * @param declared Content-Type of the part
 * @throws AppError file_type_not_allowed or text_not_utf8 (415), invalid_request (400) if the declared type differs
 */
export async function detectMediaType(path: string, declared: string, allowed: readonly string[]): Promise<string> {
  const written = declared.split(';', 1)[0]!.trim().toLowerCase();
  const declaredType = ALIASES.get(written) ?? written;
  const found = await typeOf(path);
  // The content of Markdown looks like any text.
  const type = found === TEXT && declaredType === MARKDOWN ? MARKDOWN : found;
  const isDeclared = !UNDECLARED.includes(declaredType);
  if (type === undefined || !allowed.includes(type) || (isDeclared && !allowed.includes(declaredType))) {
    const canBeText = isDeclared ? declaredType.startsWith('text/') : written === TEXT;
    if (found === undefined && allowed.includes(TEXT) && (await isOtherText(path, canBeText))) {
      throw fileErrors.text_not_utf8();
    }
    const names = allowed.map((each) => NAMES[each] ?? each);
    throw fileErrors.file_type_not_allowed({ types: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` });
  }
  if (isDeclared && declaredType !== type) {
    throw invalidField('file', `file was sent as ${declaredType}, but is ${type}`);
  }
  return type;
}

async function typeOf(path: string): Promise<string | undefined> {
  // Loaded on the first upload, to keep the start fast.
  const { fileTypeFromFile } = await import('file-type');
  const found = (await fileTypeFromFile(path))?.mime;
  if (found !== undefined && found in NAMES) return found;
  // Text has no signature, and some text resembles the signature of another type.
  return (await isText(path)) ? TEXT : undefined;
}

/** The byte order marks of UTF-16. That of UTF-32 LE starts with the same bytes. */
const UTF_16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
const SNIFFED_BYTES = 4096;
// oxlint-disable-next-line no-control-regex -- searches for them
const CONTROLS = /[\0-\x08\x0e-\x1f]/;

/** @param canBeText true if declared as text: without a byte order mark, the content alone doesn't identify text */
async function isOtherText(path: string, canBeText: boolean): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    if (UTF_16.some((mark) => buffer.subarray(0, mark.length).equals(mark))) return true;
    return canBeText && !CONTROLS.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** True for UTF-8 without control characters other than white space. */
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

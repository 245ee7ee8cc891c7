import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import type { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { jsonErrors } from '../../core/validation/json.errors.js';
import { fileErrors } from './files.errors.js';
import { ArrivingBody } from '../../core/http/arriving-body.js';
import type { FormRules } from '../../core/wire/form.js';

const FIELDS_MAX = 20;
const FIELD_BYTES_MAX = 256 * 1024;
/** Limit for boundaries, headers and fields. */
const OVERHEAD_BYTES_MAX = 1024 * 1024;

export interface FilePart {
  readonly content: BusboyFileStream;
  /** The client's file name, without folders. */
  readonly name: string;
  /** The client's Content-Type. */
  readonly type: string;
}

export interface Form<T> {
  /** At least one, in the order of the parts. */
  readonly files: readonly T[];
  /** The other parts, by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads a multipart form with files, streaming each file without buffering it.
 * @param take consumes a file; its stream fails if the form is invalid or the file is too large
 * @throws AppError form_required or unsupported_content_encoding (415), file_too_large (413), invalid_request or
 *   malformed_request (400)
 */
export async function readForm<T>(
  request: FastifyRequest,
  { fileBytesMax, filesMax = 1 }: Pick<FormRules, 'fileBytesMax' | 'filesMax'>,
  take: (part: FilePart) => Promise<T>,
): Promise<Form<T>> {
  const { body } = request;
  if (request.mediaType !== 'multipart/form-data' || !(body instanceof ArrivingBody) || (await body.isEmpty())) {
    throw fileErrors.form_required();
  }
  const tooLarge = () => fileErrors.file_too_large({ max: `${fileBytesMax / 1024 / 1024} MiB` });
  if ((body.length ?? 0) > filesMax * fileBytesMax + OVERHEAD_BYTES_MAX) throw tooLarge();

  const contentType = request.headers['content-type']!;
  const parser = makeParser(contentType, fileBytesMax, filesMax);
  const fields = new Map<string, string>();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const contents: BusboyFileStream[] = [];
  const taken: Promise<T>[] = [];
  parser.on('file', (_field, stream, name: string | undefined, _encoding, type) => {
    // Without a listener, an error would end the process.
    stream.on('error', () => undefined);
    if (taken.length === filesMax) return reject(tooMany(filesMax));
    contents.push(stream);
    stream.once('limit', () => reject(tooLarge()));
    const taking = take({ content: stream, name: name ?? '', type });
    taking.catch(reject);
    taken.push(taking);
  });
  parser.on('field', (name: string | undefined, value, isNameCut, isCut) => {
    if (name === undefined) reject(fileErrors.malformed_form());
    else if (fields.has(name)) reject(invalidField(name, `${name} must be one part`));
    else if (isNameCut || isCut) reject(invalidField(name, `${name} is too long`));
    else fields.set(name, value);
  });
  parser.on('partsLimit', () => reject(jsonErrors.json_too_wide()));
  parser.on('error', (cause) => reject(fileErrors.malformed_form({ cause })));
  parser.on('finish', resolve);
  const raw = body.open();
  const noticeHangUp = () => raw.complete || reject(coreErrors.malformed_request());
  raw.once('close', noticeHangUp);
  if (raw.destroyed) noticeHangUp();
  try {
    raw.pipe(parser);
    await ended;
    if (taken.length === 0) throw invalidField('file', 'file is required');
    return { files: await Promise.all(taken), fields };
  } catch (error) {
    for (const content of contents) content.destroy(error as Error);
    await Promise.allSettled(taken);
    throw error;
  } finally {
    raw.off('close', noticeHangUp).unpipe(parser);
  }
}

function tooMany(filesMax: number): AppError {
  return invalidField('file', `file must be ${filesMax === 1 ? 'one part' : `at most ${filesMax} parts`}`);
}

function makeParser(contentType: string, fileSize: number, filesMax: number) {
  // One more file, to refuse the form instead of ignoring the file.
  const files = filesMax + 1;
  const limits = { files, fileSize, fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX, parts: FIELDS_MAX + files };
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { ...limits, headerPairs: 20, headerSize: 8 * 1024 },
      // `curl -F schema=@schema.json` sends a field as a file; treat it as a field.
      isPartAFile: (field) => field === 'file',
    });
  } catch (error) {
    throw fileErrors.malformed_form({ cause: error });
  }
}

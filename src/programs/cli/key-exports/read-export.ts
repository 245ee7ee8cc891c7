import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import csv from 'csv-parser';
import { CORE_SCHEMA, load } from 'js-yaml';
import { type ExportRecord, isRecord } from './exported-key.js';

/** A file of another product that isn't what it should be. */
export class UnreadableExport extends Error {}

const ROW_BYTES_MAX = 1024 * 1024;
/** Where products put the list in a JSON document. */
const LISTS = ['data', 'keys', 'items', 'apikey'] as const;

/**
 * Reads the records of a file, by the ending of its name. CSV and JSON Lines are read as a stream.
 * @throws UnreadableExport
 */
export async function* readRecords(path: string): AsyncGenerator<ExportRecord> {
  const ending = extname(path).toLowerCase();
  if (ending === '.csv') yield* csvRecords(path);
  else if (ending === '.jsonl' || ending === '.ndjson') yield* lineRecords(path);
  else yield* listIn(await readDocument(path), path);
}

/** Reads a JSON or YAML document. @throws UnreadableExport */
export async function readDocument(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return extname(path).toLowerCase() === '.json'
      ? (JSON.parse(text) as unknown)
      : load(text, { schema: CORE_SCHEMA });
  } catch {
    // The parser's message quotes the text, and so a key.
    throw new UnreadableExport(`${path} is neither valid JSON nor valid YAML`);
  }
}

async function* csvRecords(path: string): AsyncGenerator<ExportRecord> {
  const parser = csv({ strict: true, maxRowBytes: ROW_BYTES_MAX, mapHeaders: ({ header }) => header.trim() });
  const file = createReadStream(path);
  file.once('error', (error) => parser.destroy(error));
  let rows = 0;
  try {
    for await (const record of file.pipe(parser)) {
      rows++;
      yield record as ExportRecord;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    const reason = (error as Error).message.startsWith('Row exceeds')
      ? 'is too long'
      : 'has not as many cells as the header';
    throw new UnreadableExport(`Row ${rows + 1} of ${path} ${reason}`);
  } finally {
    file.destroy();
  }
}

async function* lineRecords(path: string): AsyncGenerator<ExportRecord> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    yield recordIn(text, `Line ${line} of ${path}`);
  }
}

function recordIn(text: string, where: string): ExportRecord {
  try {
    const value = JSON.parse(text) as unknown;
    if (isRecord(value)) return value;
  } catch {
    // Told below, without the text.
  }
  throw new UnreadableExport(`${where} is no JSON object`);
}

function listIn(document: unknown, path: string): ExportRecord[] {
  const list = Array.isArray(document)
    ? (document as unknown[])
    : LISTS.map((name) => (isRecord(document) ? document[name] : undefined)).find((value) => Array.isArray(value));
  if (!Array.isArray(list) || !list.every(isRecord)) throw new UnreadableExport(`${path} holds no list of objects`);
  return list;
}

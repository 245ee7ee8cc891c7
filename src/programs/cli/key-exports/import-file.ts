import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ImportedBatch, AddKeyImportDto } from '../../../tenancy/key-imports/key-imports.dto.js';
import { matchesPattern } from '../../../tenancy/key-imports/token-pattern.js';
import type { ExportedKey } from './exported-key.js';

const BATCH_MAX = 1_000;
/** Named in the answer; the report has all. */
const PROBLEMS_MAX = 20;
const MASKABLE_CHARACTERS_MIN = 24;
const SHOWN_CHARACTERS = 4;

type Set = AddKeyImportDto['import'];

/** What became of all keys of a file. */
export interface ImportedFile {
  readonly created: number;
  readonly exists: number;
  readonly invalid: number;
  /** The first problems. */
  readonly problems: readonly string[];
  /** How many keys have settings without a counterpart here, by setting. */
  readonly lost: Readonly<Record<string, number>>;
}

export interface FileImport {
  readonly keys: AsyncIterable<ExportedKey>;
  readonly set: Set;
  readonly scopesOf: (permissions: readonly string[] | undefined) => string[] | undefined;
  readonly send: (body: { import: object; keys: object[] }) => Promise<ImportedBatch>;
  readonly report: FileHandle | undefined;
}

interface ReadRow {
  readonly key: ExportedKey;
  /** From 1. */
  readonly number: number;
  readonly row: object;
}

/** Imports the keys of a file in batches, so that a file of any length takes little memory. */
export async function importFile(file: FileImport): Promise<ImportedFile> {
  const { set, send } = file;
  const answers = new Answers(file.report);
  let rows: ReadRow[] = [];
  const flush = async () => {
    if (rows.length === 0) return;
    const { results } = await send({ import: set, keys: rows.map(({ row }) => row) });
    for (const { index, ...answer } of results) answers.add(rows[index]!, answer);
    await answers.write();
    rows = [];
  };
  let number = 0;
  for await (const key of file.keys) {
    number++;
    const problem = problemOfToken(key, set);
    if (problem !== undefined)
      answers.add({ key, number }, { status: 'invalid', id: null, error: { message: problem } });
    else rows.push({ key, number, row: rowOf(key, file) });
    if (rows.length === BATCH_MAX) await flush();
  }
  await flush();
  await answers.write();
  return answers.all;
}

interface RowAnswer {
  readonly status: 'created' | 'exists' | 'invalid';
  readonly id: string | null;
  readonly error: { readonly message: string } | null;
}

/** Counts the answers, and writes them to the report. */
class Answers {
  readonly #counts = { created: 0, exists: 0, invalid: 0 };
  readonly #problems: string[] = [];
  readonly #lost: Record<string, number> = {};
  #lines: string[] = [];

  constructor(private readonly report: FileHandle | undefined) {}

  get all(): ImportedFile {
    return { ...this.#counts, problems: this.#problems, lost: this.#lost };
  }

  add({ key, number }: Pick<ReadRow, 'key' | 'number'>, { status, id, error }: RowAnswer): void {
    const { source, lost } = key;
    this.#counts[status]++;
    // The position in the batch says nothing to the reader.
    const problem = error?.message.replaceAll(/\bkeys\.\d{1,3}\./g, '') ?? null;
    if (problem !== null && this.#problems.length < PROBLEMS_MAX) {
      this.#problems.push(`key ${number} (${source}): ${problem}`);
    }
    for (const setting of new Set(lost)) this.#lost[setting] = (this.#lost[setting] ?? 0) + 1;
    this.#lines.push(`${JSON.stringify({ key: number, source, status, id, problem, lost })}\n`);
  }

  async write(): Promise<void> {
    const lines = this.#lines.join('');
    this.#lines = [];
    await this.report?.write(lines);
  }
}

/** Why a token in clear text can't be imported. Undefined: it can, or the export has hashes. */
function problemOfToken({ token }: ExportedKey, { hash, lookup, tokens }: Set): string | undefined {
  if (token === undefined) return undefined;
  if (hash.algorithm !== 'sha256' || hash.pepper || lookup) {
    return 'a key in clear text is hashed with SHA-256 here, without a pepper and a lookup part';
  }
  if (matchesPattern(token, tokens)) return undefined;
  const { min_length, max_length, prefix, alphabet } = tokens;
  const start = prefix === '' ? '' : ` that starts with ${prefix}`;
  return `the key is no token of ${min_length} to ${max_length} characters (${alphabet})${start}`;
}

function rowOf(key: ExportedKey, { set, scopesOf }: FileImport): object {
  const scopes = key.row['access'] === 'full' ? undefined : scopesOf(key.permissions);
  const fields = { ...key.row, scopes, ...(key.token !== undefined && ofToken(key.token, set)) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The hash of a token in clear text, and the characters that are shown of it. */
function ofToken(token: string, { tokens: { prefix } }: Set): object {
  const shown = { start: token.slice(0, prefix.length + SHOWN_CHARACTERS), end: token.slice(-SHOWN_CHARACTERS) };
  const hash = createHash('sha256').update(token).digest('hex');
  return token.length - prefix.length < MASKABLE_CHARACTERS_MIN ? { hash } : { hash, ...shown };
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddKeyImportDto } from '../../../tenancy/key-imports/key-imports.dto.js';
import {
  HASH_ALGORITHMS,
  HASHED_PARTS,
  PEPPER_ENCODINGS,
  PEPPER_USES,
} from '../../../tenancy/key-imports/import-format.js';
import { TOKEN_ALPHABETS } from '../../../tenancy/key-imports/token-pattern.js';
import { UsageError } from '../command-line.js';
import type { OptionValues } from '../command.js';
import { type Preset, PRESETS } from './presets.js';

export const IMPORT_OPTIONS = {
  org: { kind: 'text', placeholder: 'ID', help: 'the org that gets the keys', isRequired: true },
  preset: {
    kind: 'text',
    placeholder: 'PRODUCT',
    help: 'where the file comes from',
    isRequired: true,
    choices: Object.keys(PRESETS),
  },
  name: { kind: 'text', placeholder: 'NAME', help: "of the import, for all of its batches; default: the file's name" },
  scope: { kind: 'list', placeholder: 'SCOPE', help: 'for keys whose export names no permissions; may be repeated' },
  map: {
    kind: 'list',
    placeholder: 'PERMISSION=SCOPE',
    help: 'what a permission of the export becomes here; with an empty SCOPE, nothing; may be repeated',
  },
  hash: {
    kind: 'text',
    placeholder: 'ALGORITHM',
    help: 'of the hashes; default: sha256; none: the keys are in clear text, and hashed on the way in',
    choices: [...HASH_ALGORITHMS, 'none'],
  },
  hashed: { kind: 'text', placeholder: 'PART', help: 'what is hashed; default: token', choices: HASHED_PARTS },
  'pepper-file': { kind: 'text', placeholder: 'FILE', help: 'holds the pepper of the hashes, without a line break' },
  'pepper-use': { kind: 'text', placeholder: 'USE', help: 'how the pepper is used', choices: PEPPER_USES },
  'pepper-encoding': {
    kind: 'text',
    placeholder: 'ENCODING',
    help: 'of the pepper; default: utf8',
    choices: PEPPER_ENCODINGS,
  },
  'lookup-separator': { kind: 'text', placeholder: 'CHARACTER', help: 'ends the public part of each token' },
  'lookup-place': { kind: 'text', placeholder: 'START+LENGTH', help: 'of the public part in each token, such as 0+8' },
  'token-prefix': { kind: 'text', placeholder: 'TEXT', help: 'what each token starts with, such as sk_live_' },
  'token-length': { kind: 'text', placeholder: 'MIN-MAX', help: 'of the whole tokens, such as 40-72' },
  'token-alphabet': {
    kind: 'text',
    placeholder: 'ALPHABET',
    help: 'of the tokens, after the prefix',
    choices: TOKEN_ALPHABETS,
  },
  report: { kind: 'text', placeholder: 'FILE', help: 'gets the answer to each key, one JSON object per line' },
  'dry-run': { kind: 'flag', help: 'answer what would be imported, and change nothing' },
} as const;

export type ImportOptions = OptionValues<typeof IMPORT_OPTIONS>;

/** The declaration of the import, to be validated. @throws UsageError */
export async function importSetOf(options: ImportOptions, preset: Preset, path: string) {
  const [min_length, max_length] = rangeOf(options['token-length'], '-', '--token-length') ?? [
    preset.tokens.min_length + (options['token-prefix'] ?? '').length,
    preset.tokens.max_length,
  ];
  const place = rangeOf(options['lookup-place'], '+', '--lookup-place');
  const separator = options['lookup-separator'];
  return {
    name: options.name ?? basename(path).slice(0, 100),
    hash: {
      algorithm: options.hash === 'none' ? 'sha256' : (options.hash ?? 'sha256'),
      hashed: options.hashed ?? 'token',
      pepper: await pepperOf(options),
    },
    lookup:
      place || separator !== undefined ? { separator, ...(place && { start: place[0], length: place[1] }) } : null,
    tokens: {
      prefix: options['token-prefix'] ?? '',
      min_length,
      max_length,
      alphabet: options['token-alphabet'] ?? preset.tokens.alphabet,
    },
  } as AddKeyImportDto['import'];
}

async function pepperOf(options: ImportOptions) {
  const [file, use] = [options['pepper-file'], options['pepper-use']];
  if ((file === undefined) !== (use === undefined))
    throw new UsageError('Give --pepper-file and --pepper-use together.');
  if (file === undefined) return null;
  // A file, because the arguments of a process can be read by others.
  return { value: await readFile(file, 'utf8'), use, encoding: options['pepper-encoding'] ?? 'utf8' };
}

function rangeOf(text: string | undefined, between: string, option: string): [number, number] | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(between).map((part) => (/^\d{1,4}$/.test(part) ? Number(part) : NaN));
  if (parts.length !== 2 || parts.some(Number.isNaN))
    throw new UsageError(`${option} must be two numbers with "${between}" between.`);
  return parts as [number, number];
}

/** The scopes of a key. Undefined: neither the export nor the options name any. @throws UsageError */
export function scopesBy({
  scope,
  map,
}: ImportOptions): (permissions: readonly string[] | undefined) => string[] | undefined {
  const mapped = new Map<string, string[]>();
  for (const rule of map ?? []) {
    const at = rule.lastIndexOf('=');
    if (at < 1) throw new UsageError(`--map must be PERMISSION=SCOPE.`);
    const [permission, wanted] = [rule.slice(0, at), rule.slice(at + 1)];
    mapped.set(permission, [...(mapped.get(permission) ?? []), ...(wanted === '' ? [] : [wanted])]);
  }
  return (permissions) => {
    const scopes = permissions?.flatMap((permission) => mapped.get(permission) ?? [permission]) ?? scope;
    return scopes && [...new Set(scopes)];
  };
}

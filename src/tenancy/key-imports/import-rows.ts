import { setImmediate as afterOtherRequests } from 'node:timers/promises';
import { AppError } from '../../core/errors/app-error.js';
import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import { validateDto } from '../../core/validation/request.pipe.js';
import type { ApiKey } from '../api-keys/api-key.entity.js';
import { type KeyRules, validateKeySettings } from '../api-keys/key-settings.js';
import { readHash } from './exported-hash.js';
import { type ImportFormat, isSlow } from './import-format.js';
import { ImportedKeyDto } from './key-imports.dto.js';

/** Other requests get their turn in between. */
const ROWS_AT_ONCE = 50;
/** Shown of a token after its prefix, and at most a quarter of it. */
const SHOWN_CHARACTERS_MAX = 8;
/** The last characters of a shorter token would reveal too much of it. */
const MASKABLE_CHARACTERS_MIN = 24;

/** A valid row. */
export interface ImportRow {
  /** The settings of the key. */
  readonly fields: Partial<ApiKey>;
  /** Hex for SHA-256 and SHA-512, else the whole hash. */
  readonly hash: string;
  /** Empty without one. */
  readonly lookup: string;
}

/** Validates the rows one by one. An invalid one becomes its error. */
export async function readRows(
  given: readonly object[],
  format: ImportFormat,
  rules: KeyRules,
): Promise<(ImportRow | AppError)[]> {
  const rows: (ImportRow | AppError)[] = [];
  for (const [index, row] of given.entries()) {
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await afterOtherRequests();
    rows.push(readRow(row, `keys.${index}`, format, rules));
  }
  return rows;
}

function readRow(given: object, field: string, format: ImportFormat, rules: KeyRules): ImportRow | AppError {
  try {
    const answer = validateDto(given, ImportedKeyDto, field);
    if ('problems' in answer) throw invalidRequest(answer.problems);
    return rowOf(answer.instance, field, format, rules);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function rowOf(dto: ImportedKeyDto, field: string, format: ImportFormat, rules: KeyRules): ImportRow {
  const read = readHash(dto.hash, format.algorithm);
  if ('problem' in read) throw invalidField(`${field}.hash`, `${field}.hash ${read.problem}`);
  return {
    fields: fieldsOf(dto, field, format, rules),
    hash: read.stored,
    lookup: lookupOf(dto, field, format),
  };
}

function fieldsOf(dto: ImportedKeyDto, field: string, format: ImportFormat, rules: KeyRules): Partial<ApiKey> {
  const { access, scopes, enabled, created_at } = dto;
  if (access === 'full' && scopes != null)
    throw invalidField(`${field}.scopes`, `${field}.scopes cannot be given with full access`);
  if (access !== 'full' && scopes == null)
    throw invalidField(`${field}.scopes`, `${field}.scopes is required without full access`);
  const createdAt = created_at == null ? undefined : new Date(created_at);
  if (createdAt && createdAt.getTime() > Date.now()) {
    throw invalidField(`${field}.created_at`, `${field}.created_at must be in the past`);
  }
  return {
    name: dto.name ?? 'Imported key',
    description: dto.description ?? null,
    ...validateKeySettings(dto, 'org', rules),
    masked_key: maskOf(dto, format),
    // Its owner has it already.
    acknowledged_at: new Date(),
    ...(createdAt && { created_at: createdAt }),
    ...(enabled === false && { suspended_at: new Date(), suspension_reason: 'requested' as const }),
  };
}

function lookupOf({ lookup }: ImportedKeyDto, field: string, format: ImportFormat): string {
  if (format.lookup === null) {
    if (lookup != null)
      throw invalidField(`${field}.lookup`, `${field}.lookup cannot be given: the import declares none`);
    return '';
  }
  if (lookup == null) throw invalidField(`${field}.lookup`, `${field}.lookup is required`);
  const isWrong =
    'separator' in format.lookup ? lookup.includes(format.lookup.separator) : lookup.length !== format.lookup.length;
  if (isWrong) throw invalidField(`${field}.lookup`, `${field}.lookup is not the part that the import declares`);
  return lookup;
}

/** Such as `sk_live_3fQ2…x7Qa`, from what the export knows. */
function maskOf({ start, end }: ImportedKeyDto, { algorithm, tokens: { prefix, min_length } }: ImportFormat): string {
  const random = min_length - prefix.length;
  const shown = prefix.length + Math.min(SHOWN_CHARACTERS_MAX, Math.floor(random / 4));
  const opening = start?.startsWith(prefix) ? start.slice(0, shown) : prefix;
  // The hash of a secret is slow to guess only as long as the secret is.
  const isLong = random >= MASKABLE_CHARACTERS_MIN && !isSlow(algorithm);
  return `${opening}…${isLong ? (end ?? '') : ''}`;
}

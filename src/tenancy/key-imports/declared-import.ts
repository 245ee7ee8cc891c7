import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { BCRYPT_BYTES_MAX } from './exported-hash.js';
import { type ImportFormat, isSlow, type LookupPart, RANDOM_CHARACTERS_MIN } from './import-format.js';
import type { ImportSetDto, LookupPartDto } from './key-imports.dto.js';
import { isOfAlphabet } from './token-pattern.js';

/** A validated declaration. */
export interface DeclaredImport {
  readonly name: string;
  readonly format: ImportFormat;
  /** As it was sent. */
  readonly pepper: string | null;
}

/** @throws AppError invalid_request (400) naming each field that doesn't fit the others */
export function declaredImport({ name, hash, lookup, tokens }: ImportSetDto): DeclaredImport {
  const pepper = hash.pepper ?? null;
  const format: ImportFormat = {
    algorithm: hash.algorithm,
    hashed: hash.hashed,
    pepper: pepper && { use: pepper.use, encoding: pepper.encoding },
    lookup: lookup ? partOf(lookup) : null,
    tokens: { ...tokens },
  };
  const problems = [
    ...problemsOfTokens(format),
    ...problemsOfHash(format),
    ...(lookup ? problemsOfLookup(lookup, format) : []),
    ...(pepper && pepperBytes(pepper.value, pepper.encoding) === undefined
      ? [problem('import.hash.pepper.value', `must be ${pepper.encoding}`)]
      : []),
  ];
  if (problems.length > 0) throw invalidRequest(problems);
  return { name, format, pepper: pepper?.value ?? null };
}

/** Undefined: the text isn't in that encoding. */
export function pepperBytes(value: string, encoding: 'utf8' | 'hex' | 'base64'): Buffer | undefined {
  const bytes = Buffer.from(value, encoding);
  // Node skips what isn't in the encoding.
  const isWhole = encoding === 'utf8' || (encoding === 'hex' ? bytes.length * 2 === value.length : isBase64(value));
  return isWhole && bytes.length > 0 ? bytes : undefined;
}

function isBase64(text: string): boolean {
  return /^[0-9A-Za-z+/_-]+={0,2}$/.test(text);
}

function partOf({ separator, start, length }: LookupPartDto): LookupPart {
  return separator == null ? { start: start ?? 0, length: length ?? 0 } : { separator };
}

function problemsOfTokens({ tokens }: ImportFormat): FieldProblem[] {
  const { prefix, min_length, max_length } = tokens;
  const problems: FieldProblem[] = [];
  if (prefix !== '' && !isOfAlphabet(prefix, 'visible')) {
    problems.push(problem('import.tokens.prefix', 'must be printable ASCII without spaces and commas'));
  }
  const min = prefix.length + RANDOM_CHARACTERS_MIN;
  if (min_length < min) {
    problems.push(
      problem('import.tokens.min_length', `must be at least ${min}: ${RANDOM_CHARACTERS_MIN} after the prefix`),
    );
  }
  if (max_length < min_length) problems.push(problem('import.tokens.max_length', 'must not be less than min_length'));
  return problems;
}

function problemsOfHash({ algorithm, hashed, pepper, lookup, tokens }: ImportFormat): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (isSlow(algorithm) && lookup === null) problems.push(problem('import.lookup', `is required for ${algorithm}`));
  if (isSlow(algorithm) && pepper !== null) {
    problems.push(problem('import.hash.pepper', `cannot be given with ${algorithm}`));
  }
  if (hashed === 'secret' && lookup === null) {
    problems.push(problem('import.lookup', 'is required where only the secret is hashed'));
  }
  if (algorithm === 'bcrypt' && tokens.max_length > BCRYPT_BYTES_MAX && hashed === 'token') {
    const limit = `must be at most ${BCRYPT_BYTES_MAX}: bcrypt ignores all further characters`;
    problems.push(problem('import.tokens.max_length', limit));
  }
  return problems;
}

function problemsOfLookup({ separator, start, length }: LookupPartDto, { tokens }: ImportFormat): FieldProblem[] {
  const hasPlace = start != null || length != null;
  if ((separator != null) === hasPlace || (hasPlace && (start == null || length == null))) {
    return [problem('import.lookup', 'must have either a separator, or start and length')];
  }
  if (hasPlace && start! + length! + RANDOM_CHARACTERS_MIN > tokens.min_length) {
    return [problem('import.lookup.length', `must leave ${RANDOM_CHARACTERS_MIN} characters of the token`)];
  }
  return [];
}

function problem(field: string, what: string): FieldProblem {
  return { field, message: `${field} ${what}` };
}

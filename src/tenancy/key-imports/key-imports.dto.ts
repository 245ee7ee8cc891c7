import { IsBoolean, IsIn, IsInt, IsObject, Max, Min } from 'class-validator';
import { BulkRowError, BulkRows } from '../../kit/bulk-upsert/bulk-upsert.dto.js';
import { Absentable, IsInstant, Nested, Optional, Text } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About, Field } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';
import { KEY_ACCESSES, type KeyAccess } from '../api-keys/api-key.entity.js';
import { KeySettingsDto } from '../api-keys/key-settings.dto.js';
import {
  HASH_ALGORITHMS,
  type HashAlgorithm,
  HASHED_PARTS,
  type ImportFormat,
  PEPPER_ENCODINGS,
  PEPPER_USES,
  RANDOM_CHARACTERS_MIN,
} from './import-format.js';
import { TOKEN_ALPHABETS, type TokenAlphabet } from './token-pattern.js';

/** For descriptions of routes. */
export const IMPORT_RULES =
  'Keys of another product go on working as they are: it gives their hashes, and `import` says how they were made. A row ' +
  "that isn't valid fails alone; all others are saved together. A row that was imported before changes nothing, so a " +
  'batch can be sent again. No key gets full access unless its row says `"access": "full"`.';

export const TOKEN_CHARACTERS_MAX = 1_024;
export const PREFIX_CHARACTERS_MAX = 64;

/** The lowest decorator runs first, and the client gets the first problem. */
export class TokenPatternDto {
  @About('What each token starts with, such as `sk_live_`; left out, anything.')
  @Optional()
  @Text(0, PREFIX_CHARACTERS_MAX)
  prefix: string = '';

  @About('Of the whole token. The part after the prefix has at least 16 characters.')
  @Max(TOKEN_CHARACTERS_MAX)
  @Min(RANDOM_CHARACTERS_MIN)
  @IsInt()
  min_length: number;

  @Max(TOKEN_CHARACTERS_MAX)
  @Min(RANDOM_CHARACTERS_MIN)
  @IsInt()
  max_length: number;

  @About('The characters after the prefix. `visible` is all printable ASCII but the comma.')
  @IsIn(TOKEN_ALPHABETS)
  alphabet: TokenAlphabet;
}

export class PepperDto {
  @About('Kept encrypted, and never shown.')
  @Text(1, 1_000)
  value: string;

  @About('`hmac`: the key of an HMAC; `before` and `after`: joined with what is hashed.')
  @IsIn(PEPPER_USES)
  use: (typeof PEPPER_USES)[number];

  @About('How `value` writes the bytes of the pepper.')
  @Optional()
  @IsIn(PEPPER_ENCODINGS)
  encoding: (typeof PEPPER_ENCODINGS)[number] = 'utf8';
}

export class HashFormatDto {
  @IsIn(HASH_ALGORITHMS)
  algorithm: HashAlgorithm;

  @About('`token`: the whole token; `secret`: what follows its lookup part.')
  @Optional()
  @IsIn(HASHED_PARTS)
  hashed: (typeof HASHED_PARTS)[number] = 'token';

  @About('Only with `sha256` and `sha512`.')
  @Absentable()
  @IsObject()
  @Nested(() => PepperDto)
  pepper?: PepperDto | null;
}

/** Either the separator, or the place. */
export class LookupPartDto {
  @About('Ends the lookup part, which follows the prefix.')
  @Absentable()
  @Text(1, 1)
  separator?: string | null;

  @About('Where the lookup part starts in the token, from 0.')
  @Absentable()
  @Max(TOKEN_CHARACTERS_MAX)
  @Min(0)
  @IsInt()
  start?: number | null;

  @Absentable()
  @Max(TOKEN_CHARACTERS_MAX)
  @Min(4)
  @IsInt()
  length?: number | null;
}

/** How the other product stored its keys. Batches with the same name belong together. */
export class ImportSetDto {
  @Name(100)
  name: string;

  @IsObject()
  @Nested(() => HashFormatDto)
  hash: HashFormatDto;

  @About('The public part of each token, which finds its row. Required for `argon2` and `bcrypt`.')
  @Absentable()
  @IsObject()
  @Nested(() => LookupPartDto)
  lookup?: LookupPartDto | null;

  @About('What the tokens have in common. Others are refused without a query.')
  @IsObject()
  @Nested(() => TokenPatternDto)
  tokens: TokenPatternDto;
}

/** One key of a batch. */
export class ImportedKeyDto extends KeySettingsDto {
  @About('Defaults to `Imported key`.')
  @Absentable()
  @Name(100)
  name?: string | null;

  @Absentable()
  @Text(0, 500)
  description?: string | null;

  @About('As the other product wrote it: hex, base64 or base64url; argon2 in PHC format; bcrypt.')
  @Text(1, 300)
  hash: string;

  @About('The public part of the token. Required where the import declares one.')
  @Absentable()
  @Text(1, 200)
  lookup?: string | null;

  @About('`full` has to be said; without it, `scopes` are required.')
  @Absentable()
  @IsIn(KEY_ACCESSES)
  access?: KeyAccess | null;

  @About('`false`: the key starts suspended.')
  @Absentable()
  @IsBoolean()
  enabled?: boolean | null;

  @About('When the other product created it.')
  @Absentable()
  @IsInstant()
  created_at?: string | null;

  @About('The first characters of the token, to recognize it by.')
  @Absentable()
  @Text(1, 80)
  start?: string | null;

  @About('The last characters of the token, up to four.')
  @Absentable()
  @Text(1, 4)
  end?: string | null;
}

export class AddKeyImportDto {
  @IsObject()
  @Nested(() => ImportSetDto)
  import: ImportSetDto;

  @About('1 to 1,000. A row that is not valid fails alone.')
  @BulkRows(ImportedKeyDto)
  keys: object[];
}

export const ROW_STATUSES = ['created', 'exists', 'invalid'] as const;

export class ImportedKeyResult {
  @About('Position of the row in the request, from 0.')
  @Field(INTEGER)
  index: number;

  @Field(oneOf(ROW_STATUSES))
  status: (typeof ROW_STATUSES)[number];

  @About('The id of the key; null if the row is invalid.')
  @Field(nullable(UUID))
  id: string | null;

  @About('Why the row is invalid.')
  @Field(nullable(BulkRowError))
  error: BulkRowError | null;
}

/** The number of rows by status. */
export class ImportSummary implements Record<ImportedKeyResult['status'], number> {
  @Field(INTEGER)
  created: number;

  @About('Rows that were imported before; nothing changed.')
  @Field(INTEGER)
  exists: number;

  @Field(INTEGER)
  invalid: number;
}

export class ImportedBatch {
  @About('Null as long as no key was imported under its name.')
  @Field(nullable(UUID))
  import_id: string | null;

  @About('One per row, in the order of the request.')
  @Field(listOf(ImportedKeyResult))
  results: ImportedKeyResult[];

  @Field()
  summary: ImportSummary;
}

export class TokenPatternView {
  @Field(TEXT)
  prefix: string;

  @Field(INTEGER)
  min_length: number;

  @Field(INTEGER)
  max_length: number;

  @Field(oneOf(TOKEN_ALPHABETS))
  alphabet: TokenAlphabet;
}

export class KeyImportView {
  @Field(UUID)
  id: string;

  @Field(TEXT)
  name: string;

  @Field(oneOf(HASH_ALGORITHMS))
  algorithm: ImportFormat['algorithm'];

  @About('Whether the hashes are made with a pepper.')
  @Field({ type: 'boolean' })
  has_pepper: boolean;

  @Field()
  tokens: TokenPatternView;

  @About('Keys that it created, with those that were revoked since.')
  @Field(INTEGER)
  total: number;

  @About('Keys of it that were used here since.')
  @Field(INTEGER)
  used: number;

  @About('`used` in percent of `total`, rounded down.')
  @Field(INTEGER)
  used_percent: number;

  @Field(INSTANT)
  created_at: string;

  @Field(INSTANT)
  last_batch_at: string;

  @Field()
  last_batch: ImportSummary;
}

export class KeyImportList {
  @About('Newest first.')
  @Field(listOf(KeyImportView))
  items: KeyImportView[];
}

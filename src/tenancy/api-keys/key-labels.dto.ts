import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { ArrayUnique } from '../../core/validation/array-unique.js';
import { Absentable, check, Optional, Text } from '../../core/validation/decorators.js';
import { canonicalName, isName } from '../../core/validation/name.js';
import { isOneLine } from '../../core/validation/one-line.js';
import { isAtMost } from '../../core/validation/text-length.js';
import { About } from '../../core/wire/field.js';
import { mapOf, nullable, type Schema, TEXT } from '../../core/wire/schema.js';

export const METADATA_PAIRS_MAX = 50;
const TAGS_MAX = 20;
const TAG_CHARACTERS_MAX = 50;
const EXTERNAL_ID_CHARACTERS_MAX = 200;
const VALUE_CHARACTERS_MAX = 500;
/** Neither a colon nor an equals sign, so that a filter can join name and value. */
const PAIR_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
const NAMES = 'names of 1 to 40 letters, digits, dots, dashes and underscores that start with a letter or digit';
const VALUES = `texts of at most ${VALUE_CHARACTERS_MAX} characters on one line`;

/** What managers attach to a key, for a request that creates one. */
export class KeyLabelsDto {
  @About('Your own facts about the key, such as `{"plan": "pro"}`: up to 50 pairs.')
  @Absentable()
  @Metadata()
  metadata?: Record<string, string> | null;

  @About('Your own words for the key, to find it by. They are kept in alphabetical order.')
  @Absentable()
  @Tags()
  tags?: string[] | null;

  @About('Your own id of the key, unique among the keys of the org that are not revoked.')
  @Absentable()
  @ExternalId()
  external_id?: string | null;
}

/** Selects keys by what is attached to them. */
export class LabelQuery {
  @Optional()
  @Tag()
  tag?: string;

  @Optional()
  @ExternalId()
  external_id?: string;

  @Optional()
  @MetadataPair()
  metadata?: string;
}

/** Up to 50 texts by name. */
export function Metadata(): PropertyDecorator {
  return pairs(isValue, 'must be an object', { ...TEXT, maxLength: VALUE_CHARACTERS_MAX });
}

/** A change of metadata: null removes a pair, and pairs that it leaves out stay (RFC 7396). */
export function MetadataChange(): PropertyDecorator {
  const isNew = (value: unknown) => value === null || isValue(value);
  return pairs(isNew, 'must be an object', nullable({ ...TEXT, maxLength: VALUE_CHARACTERS_MAX }));
}

function pairs(isAllowed: (value: unknown) => boolean, start: string, values: Schema): PropertyDecorator {
  const isPairs = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length <= METADATA_PAIRS_MAX &&
    Object.entries(value).every(([name, text]) => PAIR_NAME.test(name) && isAllowed(text));
  const sentence = `${start} of at most ${METADATA_PAIRS_MAX} ${VALUES}, under ${NAMES}`;
  return applyDecorators(
    // class-transformer leaves out a field that is named "constructor".
    Transform(({ obj, key }: { obj: Readonly<Record<string, unknown>>; key: string }) => obj[key]),
    check('metadata', isPairs, sentence, { schema: { ...mapOf(values), maxProperties: METADATA_PAIRS_MAX } }),
  );
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' && isAtMost(value, VALUE_CHARACTERS_MAX) && isOneLine(value);
}

/** Up to 20 different tags; the DTO holds them in their canonical form and order. */
export function Tags(): PropertyDecorator {
  const sentence = `must be one line of 1 to ${TAG_CHARACTERS_MAX} characters, one of them visible`;
  const schema = { ...TEXT, minLength: 1, maxLength: TAG_CHARACTERS_MAX };
  return applyDecorators(
    Transform(({ value }) => canonicalTags(value)),
    IsArray(),
    ArrayMaxSize(TAGS_MAX),
    check('tag', isTag, sentence, { each: true, schema }),
    ArrayUnique(),
  );
}

/** One tag, as a filter names it. */
export function Tag(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => canonicalTag(value)),
    check('tag', isTag, `must be a tag of 1 to ${TAG_CHARACTERS_MAX} characters`, { schema: TEXT }),
  );
}

function canonicalTags(value: unknown): unknown {
  const tags = Array.isArray(value) ? value.slice(0, TAGS_MAX + 1).map(canonicalTag) : value;
  // Sorted, so that equal sets of tags are equal lists.
  return isListOfTexts(tags) ? tags.toSorted() : tags;
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function canonicalTag(value: unknown): unknown {
  return typeof value === 'string' ? canonicalName(value, TAG_CHARACTERS_MAX) : value;
}

function isTag(value: unknown): boolean {
  return typeof value === 'string' && isAtMost(value, TAG_CHARACTERS_MAX) && isName(value);
}

/** Kept as it was sent: programs compare it. */
export function ExternalId(): PropertyDecorator {
  const isShown = (value: unknown) => typeof value === 'string' && isOneLine(value);
  return applyDecorators(
    Text(1, EXTERNAL_ID_CHARACTERS_MAX),
    check('externalId', isShown, 'must be on one line', { schema: TEXT }),
  );
}

/** A pair of metadata as a filter names it: `plan:pro`. */
export function MetadataPair(): PropertyDecorator {
  const isPair = (value: unknown) => {
    if (typeof value !== 'string') return false;
    const colon = value.indexOf(':');
    return colon > 0 && PAIR_NAME.test(value.slice(0, colon)) && isValue(value.slice(colon + 1));
  };
  return check('metadataPair', isPair, 'must be a name and its value with a colon between, such as plan:pro', {
    schema: { ...TEXT, description: 'A name and its value with a colon between, such as `plan:pro`.' },
  });
}

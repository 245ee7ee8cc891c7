import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isBase64, Matches, type ValidationOptions } from 'class-validator';
import { ANY_OBJECT, EMAIL, HOSTNAME, mapOf, nullable, TEXT } from '../wire/schema.js';
import { canonicalDomain, canonicalEmail, DOMAIN_CHARACTERS_MAX, EMAIL_CHARACTERS_MAX } from './address.js';
import { check } from './decorators.js';
import { readJsonBody } from './json-body.js';
import { AppError } from '../errors/app-error.js';
import { MaxLength } from './text-length.js';

const CUSTOM_DATA_ENTRIES_MAX = 50;
const CUSTOM_DATA_KEY = /^[A-Za-z0-9_.-]{1,64}$/;
const CUSTOM_DATA_TEXT_CHARACTERS_MAX = 5_000;

/** An e-mail address; the DTO holds its canonical form. */
export function IsEmailAddress(): PropertyDecorator {
  const isEmail = (value: unknown) => typeof value === 'string' && canonicalEmail(value) === value;
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? (canonicalEmail(value) ?? value) : (value as unknown))),
    MaxLength(EMAIL_CHARACTERS_MAX),
    check('email', isEmail, 'must be an email', { schema: EMAIL }),
  );
}

/** A domain name; the DTO holds its canonical form. */
export function IsDomainName(options: ValidationOptions = {}): PropertyDecorator {
  const canonical = (value: unknown) => (typeof value === 'string' ? (canonicalDomain(value) ?? value) : value);
  const isDomain = (value: unknown) => typeof value === 'string' && canonicalDomain(value) === value;
  return applyDecorators(
    Transform(({ value }) =>
      options.each && Array.isArray(value) ? value.map(canonical) : canonical(value as unknown),
    ),
    MaxLength(DOMAIN_CHARACTERS_MAX, options),
    check('domainName', isDomain, 'must be a domain name', { ...options, schema: HOSTNAME }),
  );
}

/** A phone number in E.164 format, such as `+4930123456`. */
export function IsE164(options: ValidationOptions = {}): PropertyDecorator {
  const message = `${options.each ? 'each value in ' : ''}$property must be a phone number in E.164 format`;
  return Matches(/^\+[1-9]\d{1,14}$/, { ...options, message });
}

/** Up to 50 strings by key. */
export function IsCustomData(): PropertyDecorator {
  return check('customData', (value) => isCustomData(value, isText), CUSTOM_DATA_SENTENCE, { schema: mapOf(TEXT) });
}

/** A change to custom data: null removes a key. */
export function IsCustomDataChange(): PropertyDecorator {
  return check(
    'customData',
    (value) => isCustomData(value, (entry) => entry === null || isText(entry)),
    CUSTOM_DATA_SENTENCE,
    { schema: mapOf(nullable(TEXT)) },
  );
}

/** Up to 50 strings, numbers and booleans by key. */
export function IsCustomFields(): PropertyDecorator {
  const isScalar = (entry: unknown) => isText(entry) || typeof entry === 'boolean' || Number.isFinite(entry);
  return check('customFields', (value) => isCustomData(value, isScalar), CUSTOM_FIELDS_SENTENCE, {
    schema: mapOf({ type: ['string', 'number', 'boolean'] }),
  });
}

/** Any JSON object of at most `bytesMax` bytes. */
export function IsJsonObject(bytesMax: number): PropertyDecorator {
  const validate = (value: unknown) => isObject(value) && Buffer.byteLength(JSON.stringify(value)) <= bytesMax;
  return check('jsonObject', validate, `must be an object of at most ${bytesMax} bytes as JSON`, {
    schema: ANY_OBJECT,
  });
}

const isBase64Text = (value: unknown) => typeof value === 'string' && isBase64(value.replace(/[\r\n\t ]/g, ''));

/** Base64, on one line or on several as in RFC 2045. */
export function Base64(): PropertyDecorator {
  return check('base64', isBase64Text, 'must be base64 encoded', {
    schema: { type: 'string', contentEncoding: 'base64' },
  });
}

/** A JSON object in a query string; the DTO holds it as normalized JSON. */
export function QueryObject(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => objectText(value) ?? (value as unknown)),
    check('queryObject', (value) => objectText(value) !== undefined, 'must be a JSON object', {
      schema: { type: 'string', contentMediaType: 'application/json' },
    }),
  );
}

/** Undefined for anything but a JSON object that can be stored. */
function objectText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    const parsed = readJsonBody(Buffer.from(value));
    return isObject(parsed) ? JSON.stringify(parsed) : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

const CUSTOM_DATA_KEYS = 'its keys of 1 to 64 letters, digits, dots, dashes and underscores';
const CUSTOM_FIELDS_SENTENCE =
  `must be an object of at most ${CUSTOM_DATA_ENTRIES_MAX} texts of at most ${CUSTOM_DATA_TEXT_CHARACTERS_MAX} ` +
  `characters, numbers or booleans, ${CUSTOM_DATA_KEYS}`;
export const CUSTOM_DATA_SENTENCE =
  `must be an object of at most ${CUSTOM_DATA_ENTRIES_MAX} texts of at most ${CUSTOM_DATA_TEXT_CHARACTERS_MAX} ` +
  `characters, ${CUSTOM_DATA_KEYS}`;

/** @param isValue checks each entry */
export function isCustomData(value: unknown, isValue: (entry: unknown) => boolean = isText): boolean {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= CUSTOM_DATA_ENTRIES_MAX &&
    entries.every(([key, entry]) => CUSTOM_DATA_KEY.test(key) && isValue(entry))
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= CUSTOM_DATA_TEXT_CHARACTERS_MAX;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  buildMessage,
  IsInt,
  IsString,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { type Class, INSTANT, type Schema } from '../wire/schema.js';
import { instantInsteadOf, isInstant } from './instant.js';
import { MaxLength, MinLength } from './text-length.js';

/** What a rule tells the API's document, kept as the `context` that class-validator carries along with it. */
export interface RuleContext {
  /** What JSON Schema can say of it; class-validator's own rules are known by their names. */
  readonly schema?: Schema;
  readonly mayBeLeftOut?: boolean;
  readonly mayBeNull?: boolean;
  /** The class of a nested DTO, or of the entries of a list. */
  readonly nested?: () => Class;
}

function presence(condition: (value: unknown) => boolean, context: RuleContext): PropertyDecorator {
  return ValidateIf((_object, value) => condition(value), { context });
}

/** May be left out; null is a value like any other. (class-validator's own IsOptional lets null through.) */
export function Optional(): PropertyDecorator {
  return presence((value) => value !== undefined, { mayBeLeftOut: true });
}

/** May be null. */
export function Nullable(): PropertyDecorator {
  return presence((value) => value !== null, { mayBeNull: true });
}

/** May be left out or null, which mean the same. */
export function Absentable(): PropertyDecorator {
  return presence((value) => value !== undefined && value !== null, { mayBeLeftOut: true, mayBeNull: true });
}

/** An object with a DTO's fields. */
export function Nested(dto: () => Class): PropertyDecorator {
  return nestedDto(dto, false);
}

/** A list of objects with a DTO's fields. */
export function NestedList(dto: () => Class): PropertyDecorator {
  return nestedDto(dto, true);
}

function nestedDto(nested: () => Class, each: boolean): PropertyDecorator {
  const context: RuleContext = { nested };
  return applyDecorators(
    Type(() => nested() as new () => object),
    ValidateNested({ each, context }),
  );
}

/** A text of that many characters; IsString is implied. */
export function Text(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    // The first rule that fails is the one that is told, and "too long" is no answer to a missing field.
    check('text', (value) => typeof value === 'string', 'must be a string', { schema: { type: 'string' } }),
    MaxLength(max),
    MinLength(min),
  );
}

const UUID_CHARACTERS = /^[0-9a-f-]{36}$/i;

/**
 * Ids in a body, one or a list, in lower case as the database writes them, so that ids compare as text. A text that is
 * no UUID is an id that doesn't exist: the service answers it like any unknown id.
 */
export function Id(options: { each?: boolean } = {}): PropertyDecorator {
  const canonical = (value: unknown) =>
    typeof value === 'string' && UUID_CHARACTERS.test(value) ? value.toLowerCase() : value;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(canonical) : canonical(value))),
    IsString(options),
  );
}

/** A boolean in a query string: exactly `true` or `false`. */
export function QueryBoolean(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown))),
    check('queryBoolean', (value) => typeof value === 'boolean', 'must be true or false', {
      schema: { type: 'boolean' },
    }),
  );
}

/** A whole number in a query string, digits only. */
export function QueryInteger(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : (value as unknown),
    ),
    IsInt(),
    Max(max),
    Min(min),
  );
}

const mustBeInstant = (value: unknown) => `must be ${instantInsteadOf(value)}`;

/** An ISO 8601 instant with its zone, such as `2026-03-15T10:30:00.000Z`, in the years 1 to 9999 in UTC. */
export function IsInstant(): PropertyDecorator {
  return check('instant', (value) => typeof value === 'string' && isInstant(value), mustBeInstant, {
    schema: INSTANT,
  });
}

/** BCP 47 language tag, such as `en` or `pt-BR`. */
export function IsLanguageTag(): PropertyDecorator {
  return check('languageTag', isLanguageTag, 'must be a BCP 47 language tag', { schema: { type: 'string' } });
}

/** A time zone of the IANA database, as this runtime knows it. */
export function IsTimeZone(): PropertyDecorator {
  return check('timeZone', isTimeZone, 'must be an IANA time zone', { schema: { type: 'string' } });
}

/** A plain rule over one value, and what JSON Schema can say of it. */
export function check(
  name: string,
  validate: (value: unknown) => boolean,
  sentence: string | ((value: unknown) => string),
  { schema, ...options }: ValidationOptions & Required<Pick<RuleContext, 'schema'>>,
): PropertyDecorator {
  const message = buildMessage((eachPrefix, args) => {
    const rule = typeof sentence === 'string' ? sentence : sentence(args?.value);
    return `${eachPrefix}$property ${rule}`;
  }, options);
  const context: RuleContext = { schema };
  return ValidateBy({ name, validator: { validate, defaultMessage: message } }, { ...options, context });
}

export function isLanguageTag(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 35) return false;
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(value: unknown): boolean {
  // Offsets such as +01:00 are zones to Intl, but no names of the IANA database.
  if (typeof value !== 'string' || value.length > 64 || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

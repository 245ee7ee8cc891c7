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
import { isUuid, rowId } from '../wire/row-id.js';
import { type Class, INSTANT, type Schema } from '../wire/schema.js';
import { instantInsteadOf, isInstant } from './instant.js';
import { MaxLength, MinLength } from './text-length.js';

/** What the API document needs of a rule; class-validator keeps it as the `context` of the rule. */
export interface RuleContext {
  /** The JSON Schema of the rule. For class-validator's own rules it follows from their names. */
  readonly schema?: Schema;
  readonly mayBeLeftOut?: boolean;
  readonly mayBeNull?: boolean;
  /** The class of a nested DTO, or of the entries of a list. */
  readonly nested?: () => Class;
}

function presence(condition: (value: unknown) => boolean, context: RuleContext): PropertyDecorator {
  return ValidateIf((_object, value) => condition(value), { context });
}

/** The field may be absent, but not null. (class-validator's IsOptional accepts null.) */
export function Optional(): PropertyDecorator {
  return presence((value) => value !== undefined, { mayBeLeftOut: true });
}

/** The field may be null. */
export function Nullable(): PropertyDecorator {
  return presence((value) => value !== null, { mayBeNull: true });
}

/** The field may be absent or null, which mean the same. */
export function Absentable(): PropertyDecorator {
  return presence((value) => value !== undefined && value !== null, { mayBeLeftOut: true, mayBeNull: true });
}

/** May be left out, which changes nothing; null clears the field. */
export function Clearable(...rules: PropertyDecorator[]): PropertyDecorator {
  return applyDecorators(...rules, Nullable(), Optional());
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

/** A string of `min` to `max` characters. */
export function Text(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    // Only the first failing rule is reported, and a number is not "too long".
    check('text', (value) => typeof value === 'string', 'must be a string', { schema: { type: 'string' } }),
    MaxLength(max),
    MinLength(min),
  );
}

/**
 * An id in a body, or a list of ids. A text that is no UUID becomes an id without a row, so that the service answers it
 * like any unknown id. In a list, texts stay as they are, because answers quote them; UUIDs become lower case.
 */
export function Id(options: { each?: boolean } = {}): PropertyDecorator {
  const inList = (value: unknown) => (typeof value === 'string' && isUuid(value) ? value.toLowerCase() : value);
  const alone = (value: unknown) => (typeof value === 'string' ? rowId(value) : value);
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(inList) : alone(value))),
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

/** An integer in a query string, digits only. */
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

/** An ISO 8601 date and time with a zone, such as `2026-03-15T10:30:00.000Z`, in the years 1 to 9999 in UTC. */
export function IsInstant(): PropertyDecorator {
  return check('instant', (value) => typeof value === 'string' && isInstant(value), mustBeInstant, {
    schema: INSTANT,
  });
}

/** BCP 47 language tag, such as `en` or `pt-BR`. */
export function IsLanguageTag(): PropertyDecorator {
  return check('languageTag', isLanguageTag, 'must be a BCP 47 language tag', { schema: { type: 'string' } });
}

/** A time zone of this runtime's IANA database. */
export function IsTimeZone(): PropertyDecorator {
  return check('timeZone', isTimeZone, 'must be an IANA time zone', { schema: { type: 'string' } });
}

/** Makes a rule for one value, with its JSON Schema. */
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
  // Intl accepts offsets such as +01:00, which are not IANA names.
  if (typeof value !== 'string' || value.length > 64 || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

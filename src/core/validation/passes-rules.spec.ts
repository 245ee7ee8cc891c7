import { plainToInstance, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsInt,
  IsObject,
  IsString,
  Max,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Absentable, IsInstant, Nullable, Optional, Text } from './decorators.js';
import { IsCustomData, IsE164, IsEmailAddress } from './field-types.js';
import { misplacedLists } from './nested-shape.js';
import { CLASS_VALIDATOR_OPTIONS } from './request.pipe.js';
import { passesRules } from './passes-rules.js';

class Shift {
  @Max(23)
  @Min(0)
  @IsInt()
  hour: number;

  @Absentable()
  @IsString({ each: true })
  labels?: string[] | null;
}

class Inherited {
  @Text(1, 5)
  name: string;
}

class Everything extends Inherited {
  @Optional()
  @Nullable()
  @IsEmailAddress()
  email?: string | null;

  @Optional()
  @IsE164()
  phone?: string;

  @Optional()
  @IsInstant()
  at?: string;

  @Optional()
  @IsCustomData()
  data?: object;

  @Optional()
  @Allow()
  anything?: unknown;

  @Optional()
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @IsArray()
  @Type(() => Shift)
  shifts?: Shift[];

  @ValidateNested()
  @IsObject()
  @IsDefined()
  @Type(() => Shift)
  shift: Shift;
}

const dtoOf = (plain: object) => plainToInstance(Everything, plain, { exposeUnsetFields: false });
const passing = (plain: object) => passesRules(dtoOf(plain));
const isFaultless = (dto: Everything) =>
  validateSync(dto, CLASS_VALIDATOR_OPTIONS).length === 0 && misplacedLists(dto).length === 0;

const SHIFT = { hour: 9, labels: ['early'] };
const GOOD = {
  name: 'Acme',
  email: 'a@example.com',
  phone: '+4930123456',
  at: '2026-03-15T10:30:00Z',
  data: { a: 'b' },
  anything: [1],
  shifts: [SHIFT, { hour: 23 }],
  shift: SHIFT,
};

/** What a field may be sent as: good values of this field and of others, and what fits nowhere. */
const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    ...Object.values(GOOD),
    null,
    undefined,
    [],
    {},
    [[SHIFT]],
    [SHIFT, null],
    [SHIFT, SHIFT, SHIFT],
  ),
  fc.constantFrom<unknown>({ hour: 24 }, { hour: 1, labels: [1] }, { hour: 1, labels: 'x' }, { hour: 1, more: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

describe('passesRules', () => {
  it('accepts a value that breaks no rule', () => {
    expect(passing(GOOD)).toBe(true);
    expect(passing({ name: 'A', shift: SHIFT })).toBe(true);
  });

  it('agrees with class-validator, whatever is sent', () => {
    const FIELDS = [...Object.keys(GOOD), 'unknown'];
    const change = fc.dictionary(fc.constantFrom(...FIELDS), VALUE, { maxKeys: 3 });
    fc.assert(
      fc.property(change, (changes) => {
        const dto = dtoOf({ ...GOOD, ...changes });
        expect(passesRules(dto)).toBe(isFaultless(dto));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves a class without rules to class-validator, which refuses it', () => {
    class Unknown {}
    expect(passesRules(new Unknown())).toBe(false);
  });
});

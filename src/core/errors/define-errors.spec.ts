import { expect, expectTypeOf, it } from 'vitest';
import { defineErrors } from './define-errors.js';

const errors = defineErrors({
  full: { status: 409, message: 'The limit of {max} {what} is reached.' },
  paused: { status: 409, message: 'The datasource is paused.', log: 'warn' },
});

it('an error has its code, its definition, and a message with the parameters filled in', () => {
  expect(errors.full({ max: 3, what: '{max} topics' })).toMatchObject({
    code: 'full',
    definition: { status: 409 },
    message: 'The limit of 3 {max} topics is reached.',
  });
});

it('the parameters are those that the message names, and the details follow', () => {
  expectTypeOf<Parameters<typeof errors.full>[0]>().toEqualTypeOf<Readonly<Record<'max' | 'what', string | number>>>();
  expectTypeOf<Parameters<typeof errors.paused>['length']>().toEqualTypeOf<0 | 1>();
  const cause = new Error('why');
  expect(errors.paused({ cause })).toMatchObject({ message: 'The datasource is paused.', cause });
});

it('an error that is not logged has no stack trace', () => {
  expect(errors.full({ max: 1, what: 'topics' }).stack).not.toContain('\n');
  expect(errors.paused().stack).toContain('define-errors.spec');
});

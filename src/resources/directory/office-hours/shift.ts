import { IsIn, Matches, ValidateBy, type ValidationArguments } from 'class-validator';
import type { RuleContext } from '../../../core/validation/decorators.js';
import { Field } from '../../../core/wire/field.js';
import { INSTANT, UUID } from '../../../core/wire/schema.js';

/** The days of a shift, as `Date.getDay()` numbers them. */
export const DAYS_OF_WEEK = {
  sunday: [0],
  monday: [1],
  tuesday: [2],
  wednesday: [3],
  thursday: [4],
  friday: [5],
  saturday: [6],
  everyday: [0, 1, 2, 3, 4, 5, 6],
  monday_to_friday: [1, 2, 3, 4, 5],
  monday_to_saturday: [1, 2, 3, 4, 5, 6],
  saturday_to_sunday: [6, 0],
} as const;

const TIME_OF_DAY = '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';

/** From `start_time` to just before `end_time`, in local time. A night takes two shifts, the first until `24:00:00`. */
export class Shift {
  @IsIn(Object.keys(DAYS_OF_WEEK))
  day_of_week: keyof typeof DAYS_OF_WEEK;

  @Matches(new RegExp(`^${TIME_OF_DAY}$`), { message: '$property must be a time of day, HH:MM:SS' })
  start_time: string;

  @IsAfterStart()
  @Matches(new RegExp(`^(${TIME_OF_DAY}|24:00:00)$`), { message: '$property must be a time of day, HH:MM:SS' })
  end_time: string;
}

/** A shift in the database. Replacing a schedule's shifts creates new ones. */
export class StoredShift extends Shift {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  created_at: string;

  @Field(INSTANT)
  updated_at: string;
}

function IsAfterStart(): PropertyDecorator {
  const context: RuleContext = { schema: { description: 'Later than start_time.' } };
  return ValidateBy(
    {
      name: 'isAfterStart',
      validator: {
        // Both have the same format, so they compare as text.
        validate: (value: unknown, args?: ValidationArguments) =>
          String(value) > String((args!.object as Shift).start_time),
        defaultMessage: () => '$property must be later than start_time',
      },
    },
    { context },
  );
}

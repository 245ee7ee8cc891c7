import { About, Field } from '../../../core/wire/field.js';
import { INSTANT, nullable } from '../../../core/wire/schema.js';

export class OpenStatus {
  @Field()
  is_open: boolean;

  @About('Null: the status never changes.')
  @Field(nullable(INSTANT))
  next_change_at: Date | null;
}

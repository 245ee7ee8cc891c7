import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, listOf, nullable, UUID } from '../../core/wire/schema.js';
import { LastUse } from '../../kit/usage/last-use.dto.js';

/** A credential of a key, without its secret parts. */
export class KeyCredentialView {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  created_at: string;

  @About('When a newer credential replaced it.')
  @Field(nullable(INSTANT))
  rotated_at: string | null;

  @About('When it stops working, or stopped. Null for a replaced one whose grace period has not started.')
  @Field(nullable(INSTANT))
  retires_at: string | null;

  @About('True for the newest credential.')
  @Field(BOOLEAN)
  is_current: boolean;

  @About('True: its first use starts the grace period of the credentials that it replaced.')
  @Field(BOOLEAN)
  awaits_first_use: boolean;

  @About('Its last authenticated request; null: none is known.')
  @Field(nullable(LastUse))
  last_used: LastUse | null;
}

export class KeyCredentials {
  @About('Newest first, with the last ten that stopped working.')
  @Field(listOf(KeyCredentialView))
  items: KeyCredentialView[];
}

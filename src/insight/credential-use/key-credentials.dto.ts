import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, listOf, nullable, TEXT, UUID } from '../../core/wire/schema.js';

/** The last request of a credential. */
export class LastUse {
  @Field(INSTANT)
  at: string;

  @Field(nullable(TEXT))
  client_address: string | null;

  @About('ISO 3166-1 alpha-2; null without a country file.')
  @Field(nullable(TEXT))
  country: string | null;

  @About('Cut to 200 characters.')
  @Field(nullable(TEXT))
  user_agent: string | null;

  @About('The template, such as `/contacts/{id}`.')
  @Field(nullable(TEXT))
  route: string | null;

  @About('The slug of the service that was called; null: this server.')
  @Field(nullable(TEXT))
  service: string | null;
}

/** A credential of a key, without its secret parts. */
export class KeyCredentialView {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  created_at: string;

  @About('When a newer credential replaced it.')
  @Field(nullable(INSTANT))
  rotated_at: string | null;

  @About('When it stops working, or stopped.')
  @Field(nullable(INSTANT))
  retires_at: string | null;

  @About('True for the newest credential.')
  @Field(BOOLEAN)
  is_current: boolean;

  @About('Its last authenticated request; null: none is known.')
  @Field(nullable(LastUse))
  last_used: LastUse | null;
}

export class KeyCredentials {
  @About('Newest first, with the last ten that stopped working.')
  @Field(listOf(KeyCredentialView))
  items: KeyCredentialView[];
}

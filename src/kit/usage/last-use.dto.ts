import { About, Field } from '../../core/wire/field.js';
import { INSTANT, nullable, TEXT } from '../../core/wire/schema.js';

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

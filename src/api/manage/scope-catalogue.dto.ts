import { About, Field } from '../../core/wire/field.js';
import { listOf, nullable, oneOf, TEXT } from '../../core/wire/schema.js';

/** A resource with the actions that a key can be granted. */
export class GrantableResource {
  @About('The keys that can have its scopes. Those of a service can also be granted to keys with a secret.')
  @Field(oneOf(['org', 'agent']))
  readonly audience: 'org' | 'agent';

  @Field(TEXT)
  readonly resource: string;

  @Field(TEXT)
  readonly label: string;

  @Field(TEXT)
  readonly description: string;

  @Field(listOf(TEXT))
  readonly actions: readonly string[];

  @About('The slug of its service; null: built in.')
  @Field(nullable(TEXT))
  readonly service: string | null;

  @Field(nullable(TEXT))
  readonly service_label: string | null;
}

/** A service that offers scopes. */
export class GrantingService {
  @Field(TEXT)
  readonly service: string;

  @Field(TEXT)
  readonly label: string;

  @Field(TEXT)
  readonly description: string;
}

export class ScopeCatalogue {
  @About('Built-in resources, then those of each service.')
  @Field(listOf(GrantableResource))
  readonly items: readonly GrantableResource[];

  @Field(listOf(GrantingService))
  readonly services: readonly GrantingService[];
}

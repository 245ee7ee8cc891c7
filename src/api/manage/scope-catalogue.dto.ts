import { Field } from '../../core/wire/field.js';
import { listOf, oneOf, TEXT } from '../../core/wire/schema.js';

/** A resource with the actions that a key can be granted. */
export class GrantableResource {
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
}

export class ScopeCatalogue {
  @Field(listOf(GrantableResource))
  readonly items: readonly GrantableResource[];
}

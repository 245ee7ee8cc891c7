import { Absentable } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { listOf, TEXT } from '../../core/wire/schema.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';

export class CreateServiceKeyDto {
  @About('Defaults to `Default`.')
  @Absentable()
  @Name(100)
  name?: string | null;
}

/** A key of a service, without its credential. */
export class ServiceKey extends partOf(ApiKey, 'id', 'name', 'masked_key', 'created_at', 'revoked_at') {}

export class ServiceKeys {
  @Field(listOf(ServiceKey))
  readonly items: readonly ServiceKey[];
}

/** A new key, in the only answer that shows it. */
export class NewServiceKey extends ServiceKey {
  @About('The token, shown this once.')
  @Field(TEXT)
  readonly api_key: string;
}

export function serviceKey({ id, name, masked_key, created_at, revoked_at = null }: ApiKey): ServiceKey {
  return { id, name, masked_key, created_at, revoked_at };
}

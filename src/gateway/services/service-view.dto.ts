import { Optional } from '../../core/validation/decorators.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, URI } from '../../core/wire/schema.js';
import { ApiKey, KEY_ACCESSES, type KeyAccess } from '../../tenancy/api-keys/api-key.entity.js';
import type { Service } from '../../tenancy/services/service.entity.js';

export class DeclaredResource {
  @Field(TEXT)
  readonly name: string;

  @Field(TEXT)
  readonly label: string;

  @Field(TEXT)
  readonly description: string;

  @About('Each is a scope: `name:action`.')
  @Field(listOf(TEXT))
  readonly actions: readonly string[];
}

export class DeclaredRoute {
  @Field(listOf(TEXT))
  readonly methods: readonly string[];

  @Field(TEXT)
  readonly path: string;

  @About('A scope, `any-key` or `public`.')
  @Field(TEXT)
  readonly needs: string;

  @About('Why it is public.')
  @Optional()
  @Field(TEXT)
  readonly reason?: string;
}

/** A key that reaches a service. */
export class ReachingKey extends partOf(ApiKey, 'id', 'name') {
  @Field(oneOf(KEY_ACCESSES))
  readonly access: KeyAccess;

  @About('Those of this service. Empty with full access.')
  @Field(listOf(TEXT))
  readonly scopes: readonly string[];
}

/** A declared service, for the members of an org. */
export class ServiceView {
  @Field(TEXT)
  readonly service: string;

  @Field(TEXT)
  readonly label: string;

  @Field(TEXT)
  readonly description: string;

  @About('Where clients reach it; null if not declared.')
  @Field(nullable(URI))
  readonly url: string | null;

  @About('`all`: full access covers it. `existing`: only full access that is newer than the service does.')
  @Field(oneOf(['existing', 'all']))
  readonly full_access: Service['full_access'];

  @Field(listOf(DeclaredResource))
  readonly resources: readonly DeclaredResource[];

  @Field(listOf(DeclaredRoute))
  readonly routes: readonly DeclaredRoute[];

  @About('Since when the operator has it refuse every request.')
  @Field(nullable(INSTANT))
  readonly suspended_at: Date | null;

  @About('The active keys of the org that reach it, newest first. At most 100.')
  @Field(listOf(ReachingKey))
  readonly keys: readonly ReachingKey[];

  @About('How many active keys of the org reach it.')
  @Field(INTEGER)
  readonly key_count: number;
}

export class ServiceList {
  @Field(listOf(ServiceView))
  readonly items: readonly ServiceView[];
}

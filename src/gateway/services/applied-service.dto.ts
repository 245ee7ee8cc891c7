import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INTEGER, listOf, nullable, oneOf, TEXT } from '../../core/wire/schema.js';
import { Optional, QueryBoolean } from '../../core/validation/decorators.js';
import { DeclaredService } from './declared-service.dto.js';
import { DeclaredResource, DeclaredRoute } from './service-view.dto.js';

export class ApplyServiceQuery {
  @About('Answers what would change, and changes nothing.')
  @Optional()
  @QueryBoolean()
  dry_run: boolean = false;
}

/** How many active keys a change concerns. */
export class KeyEffectView {
  @About('How many active keys pass that did not pass before.')
  @Field(INTEGER)
  readonly gain: number;

  @About('How many active keys passed before and do not pass any more.')
  @Field(INTEGER)
  readonly lose: number;
}

export class ChangedField {
  @Field(oneOf(['label', 'description', 'url', 'full_access']))
  readonly field: string;

  @Field(TEXT)
  readonly before: string;

  @Field(TEXT)
  readonly after: string;
}

export class ChangedResource {
  @Field()
  readonly before: DeclaredResource;

  @Field()
  readonly after: DeclaredResource;
}

export class ResourceChanges {
  @Field(listOf(DeclaredResource))
  readonly added: readonly DeclaredResource[];

  @About('Other labels or descriptions. Other actions are changes of scopes.')
  @Field(listOf(ChangedResource))
  readonly changed: readonly ChangedResource[];

  @Field(listOf(DeclaredResource))
  readonly removed: readonly DeclaredResource[];
}

export class RemovedScope {
  @Field(TEXT)
  readonly scope: string;

  @About('How many active keys hold it. The declaration can be applied only when it is 0.')
  @Field(INTEGER)
  readonly keys: number;
}

export class ScopeChanges {
  @Field(listOf(TEXT))
  readonly added: readonly string[];

  @Field(listOf(RemovedScope))
  readonly removed: readonly RemovedScope[];
}

export class ChangedRoute {
  @Field()
  readonly before: DeclaredRoute;

  @Field()
  readonly after: DeclaredRoute;

  @Field()
  readonly keys: KeyEffectView;
}

export class RouteChanges {
  @Field(listOf(DeclaredRoute))
  readonly added: readonly DeclaredRoute[];

  @Field(listOf(ChangedRoute))
  readonly changed: readonly ChangedRoute[];

  @Field(listOf(DeclaredRoute))
  readonly removed: readonly DeclaredRoute[];
}

/** What a declaration changes. */
export class ServiceChanges {
  @About('The service did not exist.')
  @Field(BOOLEAN)
  readonly is_new: boolean;

  @Field(listOf(ChangedField))
  readonly fields: readonly ChangedField[];

  @Field()
  readonly resources: ResourceChanges;

  @Field()
  readonly scopes: ScopeChanges;

  @Field()
  readonly routes: RouteChanges;

  @About('Keys with full access that is older than the service, where `full_access` changes.')
  @Field()
  readonly full_access: KeyEffectView;
}

export class AppliedServiceView {
  @About('The service as it is now; null after a dry run of a new one.')
  @Field(nullable(DeclaredService))
  readonly service: DeclaredService | null;

  @Field()
  readonly changes: ServiceChanges;

  @About('False after a dry run.')
  @Field(BOOLEAN)
  readonly applied: boolean;
}

import { RoleView } from '../../tenancy/orgs/role-view.dto.js';
import { Optional, QueryInteger } from '../../core/validation/decorators.js';
import { Field } from '../../core/wire/field.js';
import { listOf } from '../../core/wire/schema.js';

export class ListOrgsQuery {
  @Optional()
  @QueryInteger(1, 100)
  limit: number = 50;

  @Optional()
  @QueryInteger(0, 2_147_483_647)
  offset: number = 0;
}

export class Roles {
  @Field(listOf(RoleView))
  data: RoleView[];
}

import { Role } from '../orgs/role.entity.js';
import { Optional, QueryInteger } from '../validation/decorators.js';
import { Field, partOf } from '../wire/field.js';
import { listOf } from '../wire/schema.js';

export class ListOrgsQuery {
  @Optional()
  @QueryInteger(1, 100)
  limit: number = 50;

  @Optional()
  @QueryInteger(0, 2_147_483_647)
  offset: number = 0;
}

class RoleView extends partOf(Role, 'id', 'name') {}

export class Roles {
  @Field(listOf(RoleView))
  data: RoleView[];
}

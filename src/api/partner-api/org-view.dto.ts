import { Org } from '../../tenancy/orgs/org.entity.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { INTEGER, listOf } from '../../core/wire/schema.js';

const CREATED = ['id', 'name', 'widget_token', 'external_id'] as const;
const LISTED = [...CREATED, 'created_at'] as const;

/** The response of creating an org [S1]. */
export class CreatedOrg extends partOf(Org, ...CREATED) {}

/** The response of lists and lookups [S1]. */
export class ListedOrg extends partOf(Org, ...LISTED) {}

export class ListedOrgs {
  @Field(listOf(ListedOrg))
  data: ListedOrg[];

  @About('How many there are in all.')
  @Field(INTEGER)
  total: number;
}

export function createdOrg({ id, name, widget_token, external_id }: Org): CreatedOrg {
  return { id, name, widget_token, external_id };
}

export function listedOrg(org: Org): ListedOrg {
  return { ...createdOrg(org), created_at: org.created_at };
}

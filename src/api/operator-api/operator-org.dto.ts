import { partOf } from '../../core/wire/field.js';
import { Org } from '../../tenancy/orgs/org.entity.js';

const SHOWN = ['id', 'name', 'partner_id', 'external_id', 'created_at', 'suspended_at', 'suspended_by'] as const;

/** An org, for the operator. */
export class OperatorOrg extends partOf(Org, ...SHOWN) {}

export function operatorOrg({
  id,
  name,
  partner_id,
  external_id,
  created_at,
  suspended_at,
  suspended_by,
}: Org): OperatorOrg {
  return { id, name, partner_id, external_id, created_at, suspended_at, suspended_by };
}

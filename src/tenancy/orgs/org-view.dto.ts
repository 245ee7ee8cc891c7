import { partOf } from '../../core/wire/field.js';
import { Org } from './org.entity.js';

const OWN = [
  'id',
  'name',
  'external_id',
  'website',
  'language',
  'ai_instructions',
  'created_at',
  'updated_at',
] as const;

/** An org for its own members and keys, without its partner and the widget's token. */
export class OwnOrg extends partOf(Org, ...OWN) {}

/** An org for its own members. */
export class ManagedOrg extends partOf(
  Org,
  ...OWN,
  'weekly_key_report',
  'expiry_notices',
  'idle_notices',
  'on_exposed',
) {}

export function ownOrg(org: Org): OwnOrg {
  const { id, name, external_id, website, language, ai_instructions, created_at, updated_at } = org;
  return { id, name, external_id, website, language, ai_instructions, created_at, updated_at };
}

export function managedOrg(org: Org): ManagedOrg {
  const { weekly_key_report, expiry_notices, idle_notices, on_exposed } = org;
  return { ...ownOrg(org), weekly_key_report, expiry_notices, idle_notices, on_exposed };
}

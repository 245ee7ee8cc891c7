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

/** What happens to its keys, for its members and its partner. */
const KEY_RESPONSES = ['expiry_notices', 'idle_notices', 'on_exposed'] as const;

/** An org for its own members and keys, without its partner and the widget's token. */
export class OwnOrg extends partOf(Org, ...OWN) {}

/** An org for its own members. */
export class ManagedOrg extends partOf(Org, ...OWN, 'weekly_key_report', ...KEY_RESPONSES) {}

/** An org for its partner. */
export class WholeOrg extends partOf(
  Org,
  'id',
  'name',
  'widget_token',
  'external_id',
  'created_at',
  'website',
  'language',
  'ai_instructions',
  ...KEY_RESPONSES,
  'suspended_at',
  'suspended_by',
) {}

export function ownOrg(org: Org): OwnOrg {
  const { id, name, external_id, website, language, ai_instructions, created_at, updated_at } = org;
  return { id, name, external_id, website, language, ai_instructions, created_at, updated_at };
}

export function keyResponses({ expiry_notices, idle_notices, on_exposed }: Org) {
  return { expiry_notices, idle_notices, on_exposed };
}

export function managedOrg(org: Org): ManagedOrg {
  return { ...ownOrg(org), weekly_key_report: org.weekly_key_report, ...keyResponses(org) };
}

export function wholeOrg(org: Org): WholeOrg {
  const { id, name, widget_token, external_id, created_at, website, language, ai_instructions } = org;
  const { suspended_at, suspended_by } = org;
  const settings = { website, language, ai_instructions, ...keyResponses(org) };
  return { id, name, widget_token, external_id, created_at, ...settings, suspended_at, suspended_by };
}

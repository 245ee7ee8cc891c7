import { partOf } from '../../core/wire/field.js';
import { Org } from './org.entity.js';

/** An org for its own members and keys, without its partner and the widget's token. */
export class OwnOrg extends partOf(
  Org,
  'id',
  'name',
  'external_id',
  'website',
  'language',
  'ai_instructions',
  'created_at',
  'updated_at',
) {}

export function ownOrg(org: Org): OwnOrg {
  const { id, name, external_id, website, language, ai_instructions, created_at, updated_at } = org;
  return { id, name, external_id, website, language, ai_instructions, created_at, updated_at };
}

import type { LeveledRules } from './effective-policy.js';
import { LEVEL, policiesSql } from './broken-rules-sql.js';
import type { PolicyLevel } from './policy-rules.js';

/** A row of `key_policies` as JSON, with its level. */
export type StoredPolicy = LeveledRules & {
  readonly enforce_from: string | null;
  readonly updated_at: string;
  readonly set_by_name: string;
};

const asPolicy = (from: string) =>
  `SELECT to_jsonb(p) || jsonb_build_object('level', ${LEVEL}) AS policy FROM ${from} p`;

/** The policies that apply at a place; $1 is the id of the org or the partner. */
export const POLICIES_AT: Readonly<Record<PolicyLevel, string>> = {
  org: asPolicy(policiesSql('$1::uuid', '(SELECT partner_id FROM orgs WHERE id = $1::uuid)')),
  partner: asPolicy(`(
    SELECT * FROM key_policies WHERE partner_id = $1::uuid UNION ALL SELECT * FROM key_policies WHERE is_installation
  )`),
  installation: asPolicy('(SELECT * FROM key_policies WHERE is_installation)'),
};

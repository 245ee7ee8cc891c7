import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { positionOfCursor } from '../../kit/lists/cursor.js';
import type { PageRequest } from '../../kit/lists/list-queries.js';
import type { EffectivePolicy } from '../../tenancy/key-policies/effective-policy.js';
import { KeyPolicies, type PolicyReport } from '../../tenancy/key-policies/key-policies.service.js';
import { type PolicyViolator, SetKeyPolicyDto } from '../../tenancy/key-policies/key-policy.dto.js';
import type { PolicyPlace } from '../../tenancy/key-policies/policy-place.js';
import { POLICY_RULES } from '../../tenancy/key-policies/policy-rules.js';
import { settingsOf } from '../../tenancy/key-policies/policy-settings.js';
import { Violators } from '../../tenancy/key-policies/violators.service.js';
import { defineCommand, type Call, type Option } from './command.js';
import { KEY_PARTS } from './key-parts.js';
import { table } from './text.js';

const PARTS = { services: [...KEY_PARTS.services, Violators], entities: KEY_PARTS.entities };
const PAGE = 100;

const PLACE = {
  org: { kind: 'text', placeholder: 'ID', help: 'the policy of this org; otherwise of the installation' },
  partner: { kind: 'text', placeholder: 'ID', help: 'the policy of all orgs of this partner' },
} as const satisfies Record<string, Option>;

export const policyShow = defineCommand({
  name: 'policy show',
  summary: 'Print the key policy of the installation, a partner or an org, and what counts there.',
  options: PLACE,
  parts: PARTS,
  async run({ options, service }) {
    return answerOf(await (await service(KeyPolicies)).read(placeOf(options)));
  },
});

export const policySet = defineCommand({
  name: 'policy set',
  summary: 'Replace the key policy of a place; without rules, lift it. In force once the command ends.',
  options: {
    ...PLACE,
    'max-lifetime-days': { kind: 'text', placeholder: 'N', help: 'the most days that a key may live' },
    'default-lifetime-days': {
      kind: 'text',
      placeholder: 'N',
      help: 'when a new key expires if nothing else is asked',
    },
    'expiry-required': { kind: 'flag', help: 'keys must have an expiry' },
    'full-access-forbidden': { kind: 'flag', help: 'keys must have scopes' },
    'ip-list-required': { kind: 'flag', help: 'keys must have allowed IPs' },
    scope: { kind: 'list', placeholder: 'SCOPE', help: 'the only scopes that keys may be granted' },
    'max-active-keys': { kind: 'text', placeholder: 'N', help: 'the most active keys of an org' },
    'suspend-idle-after-days': { kind: 'text', placeholder: 'N', help: 'suspend keys without requests for so long' },
    'enforce-from': { kind: 'text', placeholder: 'TIME', help: 'refuse existing keys that break a rule from then on' },
    'dry-run': { kind: 'flag', help: 'count the keys that would break a rule, and change nothing' },
  },
  parts: PARTS,
  async run({ options, service }) {
    const place = placeOf(options);
    const settings = settingsOf(dtoOf(options));
    if (options['dry-run']) {
      const preview = await (await service(Violators)).preview(place, settings, pageAfter());
      const count = preview.is_complete ? `${preview.count} in all` : `At least ${preview.count}`;
      const text = `${violatorsTable(preview.items)}\n\n${count}. Nothing is changed, because of --dry-run.`;
      return { json: preview, text };
    }
    const policies = await service(KeyPolicies);
    await policies.set(OPERATOR, place, settings);
    return answerOf(await policies.read(place));
  },
});

export const policyViolations = defineCommand({
  name: 'policy violations',
  summary: 'List the keys that break a policy which counts for them.',
  options: PLACE,
  parts: PARTS,
  async run({ options, service }) {
    const violators = await service(Violators);
    const items: PolicyViolator[] = [];
    let page: PageRequest | undefined = pageAfter();
    while (page !== undefined) {
      const { items: more, next } = await violators.list(placeOf(options), page);
      items.push(...more);
      page = next === null ? undefined : pageAfter(positionOfCursor(next)!.id);
    }
    return { json: { items }, text: violatorsTable(items) };
  },
});

/** @param id of the last key of the page before */
function pageAfter(id?: string): PageRequest {
  return { shape: 0, values: [String(PAGE), ...(id === undefined ? [] : [id])] };
}

type PlaceOptions = Call<typeof PLACE>['options'];

/** @throws Error if two places are named */
function placeOf({ org, partner }: PlaceOptions): PolicyPlace {
  if (org !== undefined && partner !== undefined) throw new Error('Give --org or --partner, not both.');
  if (org !== undefined) return { level: 'org', orgId: rowId(org) };
  return partner === undefined ? { level: 'installation' } : { level: 'partner', partnerId: rowId(partner) };
}

function dtoOf(options: Readonly<Record<string, unknown>>): SetKeyPolicyDto {
  // Text that is no number stays, so that the refusal names it.
  const number = (name: string) => {
    const text = options[name] as string | undefined;
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
  };
  return validated(
    {
      max_lifetime_days: number('max-lifetime-days'),
      default_lifetime_days: number('default-lifetime-days'),
      expiry_required: options['expiry-required'],
      full_access_forbidden: options['full-access-forbidden'],
      ip_list_required: options['ip-list-required'],
      scope_ceiling: options['scope'],
      max_active_keys: number('max-active-keys'),
      suspend_idle_after_days: number('suspend-idle-after-days'),
      enforce_from: options['enforce-from'],
    },
    SetKeyPolicyDto,
  );
}

function answerOf(report: PolicyReport) {
  const { effective, enforce_from } = report;
  const rows = POLICY_RULES.flatMap((rule) => ruleRow(rule, effective));
  const enforced =
    enforce_from === null ? 'Existing keys go on working.' : `Enforced from ${enforce_from.toISOString()}.`;
  const text = `${table(['RULE', 'VALUE', 'SET BY'], rows, 'No rules count here.')}\n\n${enforced}`;
  return { json: report, text };
}

function ruleRow(rule: (typeof POLICY_RULES)[number], effective: EffectivePolicy): string[][] {
  const found = effective[rule];
  return found === undefined ? [] : [[rule, [found.value].flat().join(' '), found.set_by]];
}

function violatorsTable(items: readonly PolicyViolator[]): string {
  const rows = items.map(({ id, org_id, name, rules, refused_from }) => {
    const broken = new Set(rules.map(({ rule, set_by }) => `${rule} (${set_by})`));
    return [id, org_id, name, [...broken].join(', '), refused_from ?? ''];
  });
  return table(['KEY', 'ORG', 'NAME', 'BREAKS', 'REFUSED FROM'], rows, 'No keys break a policy.');
}

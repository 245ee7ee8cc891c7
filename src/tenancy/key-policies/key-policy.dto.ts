import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';
import { ANY_SCOPE } from '../../access/scopes/scope-schemas.js';
import { ArrayUnique } from '../../core/validation/array-unique.js';
import { Absentable, IsInstant, Optional } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';
import { KEY_RULES, type KeyRule, POLICY_LEVELS, type PolicyLevel } from './policy-rules.js';

const DAYS_MAX = 36_500;
const KEYS_MAX = 1_000_000;
const SCOPES_MAX = 500;

/** The whole policy of a place. Left out or null: no such rule there. */
export class SetKeyPolicyDto {
  @About('The most days from the making of a credential, by creation or rotation, to the expiry of its key.')
  @Absentable()
  @Max(DAYS_MAX)
  @Min(1)
  @IsInt()
  max_lifetime_days?: number | null;

  @About('When a new key expires if its request has no `expires_at`; at most `max_lifetime_days`.')
  @Absentable()
  @Max(DAYS_MAX)
  @Min(1)
  @IsInt()
  default_lifetime_days?: number | null;

  @About('Whether keys must have an expiry.')
  @Absentable()
  @IsBoolean()
  expiry_required?: boolean | null;

  @About('Whether keys must have scopes.')
  @Absentable()
  @IsBoolean()
  full_access_forbidden?: boolean | null;

  @About('Whether keys must have `allowed_ips`. A typed key may have `allowed_origins` instead.')
  @Absentable()
  @IsBoolean()
  ip_list_required?: boolean | null;

  @About('The only scopes that keys may be granted.')
  @Field(nullable(listOf(ANY_SCOPE)))
  @Absentable()
  @ArrayUnique()
  @IsString({ each: true })
  @ArrayMaxSize(SCOPES_MAX)
  @ArrayMinSize(1)
  @IsArray()
  scope_ceiling?: string[] | null;

  @About('The most active keys of an org. Keys above it go on working, and no key can be added.')
  @Absentable()
  @Max(KEYS_MAX)
  @Min(0)
  @IsInt()
  max_active_keys?: number | null;

  @About('Keys without requests for so many days are suspended.')
  @Absentable()
  @Max(DAYS_MAX)
  @Min(1)
  @IsInt()
  suspend_idle_after_days?: number | null;

  @About('From then on, existing keys that break a rule of this policy are refused. Without it, they go on working.')
  @Absentable()
  @IsInstant()
  enforce_from?: string | null;
}

/** As `PUT` takes it. */
export class KeyPolicySettings {
  @Field(nullable(INTEGER))
  max_lifetime_days: number | null;

  @Field(nullable(INTEGER))
  default_lifetime_days: number | null;

  @Field(BOOLEAN)
  expiry_required: boolean;

  @Field(BOOLEAN)
  full_access_forbidden: boolean;

  @Field(BOOLEAN)
  ip_list_required: boolean;

  @Field(nullable(listOf(TEXT)))
  scope_ceiling: string[] | null;

  @Field(nullable(INTEGER))
  max_active_keys: number | null;

  @Field(nullable(INTEGER))
  suspend_idle_after_days: number | null;

  @Field(nullable(INSTANT))
  enforce_from: Date | null;
}

abstract class RuleInForce {
  @About('Of equal values, the widest place.')
  @Field(oneOf(POLICY_LEVELS))
  set_by: PolicyLevel;
}

export class NumberInForce extends RuleInForce {
  @Field(INTEGER)
  value: number;
}

export class FlagInForce extends RuleInForce {
  @Field(BOOLEAN)
  value: boolean;
}

export class ScopesInForce extends RuleInForce {
  @Field(listOf(TEXT))
  value: readonly string[];
}

/** Rules without a value are left out. */
export class EffectiveKeyPolicy {
  @Optional()
  @Field(NumberInForce)
  max_lifetime_days?: NumberInForce;

  @Optional()
  @Field(NumberInForce)
  default_lifetime_days?: NumberInForce;

  @Optional()
  @Field(FlagInForce)
  expiry_required?: FlagInForce;

  @Optional()
  @Field(FlagInForce)
  full_access_forbidden?: FlagInForce;

  @Optional()
  @Field(FlagInForce)
  ip_list_required?: FlagInForce;

  @Optional()
  @Field(ScopesInForce)
  scope_ceiling?: ScopesInForce;

  @Optional()
  @Field(NumberInForce)
  max_active_keys?: NumberInForce;

  @Optional()
  @Field(NumberInForce)
  suspend_idle_after_days?: NumberInForce;
}

export class KeyPolicyView {
  @About('What this place sets.')
  @Field()
  own: KeyPolicySettings;

  @About('The strictest of this place and the wider ones, rule by rule.')
  @Field()
  effective: EffectiveKeyPolicy;

  @About('The earliest `enforce_from` of this place and the wider ones. Each counts for the rules beside it.')
  @Field(nullable(INSTANT))
  enforce_from: Date | null;

  @About('When this place changed its policy; null: never.')
  @Field(nullable(INSTANT))
  updated_at: Date | null;

  @Field(nullable(TEXT))
  updated_by: string | null;
}

export class BrokenRuleView {
  @Field(oneOf(KEY_RULES))
  rule: KeyRule;

  @Field(oneOf(POLICY_LEVELS))
  set_by: PolicyLevel;
}

/** An active or suspended key that breaks rules. */
export class PolicyViolator {
  @Field(UUID)
  id: string;

  @Field(UUID)
  org_id: string;

  @Field(TEXT)
  name: string;

  @Field(TEXT)
  masked_key: string;

  @Field(INSTANT)
  created_at: string;

  @Field(nullable(INSTANT))
  expires_at: string | null;

  @Field(nullable(INSTANT))
  last_used_at: string | null;

  @About('A rule of several places is listed with each.')
  @Field(listOf(BrokenRuleView))
  rules: BrokenRuleView[];

  @About('From when the key is refused; null: no policy that it breaks is enforced.')
  @Field(nullable(INSTANT))
  refused_from: string | null;
}

export class KeyPolicyPreview {
  @About('How many keys would break a rule that counts for them then.')
  @Field(INTEGER)
  count: number;

  @About('False: there are more keys than a call examines, so there can be more to count.')
  @Field(BOOLEAN)
  is_complete: boolean;

  @Field(listOf(PolicyViolator))
  items: readonly PolicyViolator[];

  @About('The cursor of the next page; null on the last one.')
  @Field(nullable(TEXT))
  next: string | null;
}

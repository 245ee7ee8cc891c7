import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Absentable, Id, IsInstant, Nested, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { BOOLEAN, INTEGER, listOf, oneOf } from '../../../core/wire/schema.js';
import { ApiKey } from '../api-key.entity.js';
import { Tag } from '../key-labels.dto.js';
import { KEY_STATES, type KeyState } from '../key-view.dto.js';

const IDS_MAX = 1_000;

/** Keys that meet every condition. Revoked keys meet none. */
export class KeyFilterDto {
  @Absentable()
  @Tag()
  tag?: string | null;

  @About('The id of the user or partner who created it.')
  @Absentable()
  @Id()
  creator?: string | null;

  @About('Granted to the key by name; full access is not found by a scope.')
  @Absentable()
  @Text(1, 200)
  scope?: string | null;

  @About('Without requests since then, and created before.')
  @Absentable()
  @IsInstant()
  idle_since?: string | null;

  @About('With an expiry before then, past ones included.')
  @Absentable()
  @IsInstant()
  expires_before?: string | null;

  @About('The slug of a service of which the key was granted a scope.')
  @Absentable()
  @Text(1, 100)
  service?: string | null;

  @Absentable()
  @ArrayUnique()
  @ArrayMaxSize(IDS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  @Id({ each: true })
  ids?: string[] | null;
}

export const BULK_ACTIONS = ['suspend', 'resume', 'revoke', 'set_expiry'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export class UpdateApiKeysDto {
  @About('With at least one condition.')
  @Nested(() => KeyFilterDto)
  @IsObject()
  filter: KeyFilterDto;

  @IsIn(BULK_ACTIONS)
  action: BulkAction;

  @About('With `set_expiry`, and only then: in the future, or null for none.')
  @Optional()
  @Nullable()
  @IsInstant()
  expires_at?: string | null;

  @About('True: nothing is changed; the answer says what would be.')
  @Optional()
  @IsBoolean()
  dry_run: boolean = false;
}

export class RevokeApiKeysDto {
  @About('True: nothing is changed; the answer says what would be.')
  @Optional()
  @IsBoolean()
  dry_run: boolean = false;
}

/** Exactly one of `partner_id`, `org_id` and `everything`. */
export class RevokeKeysOfDto extends RevokeApiKeysDto {
  @About('The keys of the partner, and those of its orgs.')
  @Absentable()
  @Id()
  partner_id?: string | null;

  @Absentable()
  @Id()
  org_id?: string | null;

  @About('The keys of all partners and orgs. Those of services and of the operator stay.')
  @Absentable()
  @IsIn([true])
  everything?: true | null;
}

/** One of the keys that a bulk change is about. */
export class BulkKey extends partOf(ApiKey, 'id', 'name', 'masked_key') {
  @About('Before the change.')
  @Field(oneOf(KEY_STATES))
  state: KeyState;
}

export class BulkChange {
  @About('The keys that meet the filter.')
  @Field(INTEGER)
  matched: number;

  @About('Those that were changed, or would be. The others are as wanted already, have ended, or cannot change.')
  @Field(INTEGER)
  changed: number;

  @About('The newest keys among the changed, at most ten.')
  @Field(listOf(BulkKey))
  sample: BulkKey[];

  @Field(BOOLEAN)
  dry_run: boolean;
}

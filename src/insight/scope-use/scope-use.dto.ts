import { ANY_SCOPE } from '../../access/scopes/scope-schemas.js';
import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT } from '../../core/wire/schema.js';
import { KEY_ACCESSES, type KeyAccess } from '../../tenancy/api-keys/api-key.entity.js';
import { Texts } from '../../tenancy/api-keys/key-settings.dto.js';
import { KeyCreator } from '../../tenancy/api-keys/key-view.dto.js';

/** How a key uses one scope. */
export class ScopeUse {
  @Field(ANY_SCOPE)
  scope: string;

  @About('The slug of the service that the scope belongs to; null: built-in.')
  @Field(nullable(TEXT))
  service: string | null;

  @About('False for a scope that the key used and lost.')
  @Field(BOOLEAN)
  granted: boolean;

  @Field(INTEGER)
  uses_90_days: number;

  @Field(nullable(INSTANT))
  last_used_at: string | null;

  @About('`remove`: the key had the scope for 30 days and never used it, while it used others.')
  @Field(nullable(oneOf(['remove'])))
  advice: 'remove' | null;
}

/** Scopes that were removed and can be restored. */
export class ScopeUndo {
  @Field(listOf(ANY_SCOPE))
  removed: string[];

  @About('Who removed them last.')
  @Field()
  by: KeyCreator;

  @Field(INSTANT)
  at: string;

  @Field(INSTANT)
  until: string;
}

/** The scopes that a key was granted and those that it used. */
export class KeyScopeUse {
  @Field(oneOf(KEY_ACCESSES))
  access: KeyAccess;

  @About('The uses of scopes were counted since then.')
  @Field(INSTANT)
  observed_since: string;

  @About('Whole days. There is no advice before 30.')
  @Field(INTEGER)
  observed_days: number;

  @About('In the order of the catalogue. With full access, the scopes that were used.')
  @Field(listOf(ScopeUse))
  items: ScopeUse[];

  @About('The scopes with the advice to remove them.')
  @Field(listOf(ANY_SCOPE))
  removable: string[];

  @About('The scopes that would have been enough for every request of the observed time.')
  @Field(listOf(ANY_SCOPE))
  sufficient: string[];

  @Field(nullable(ScopeUndo))
  undo: ScopeUndo | null;
}

export class RemoveKeyScopesDto {
  @About('Scopes that the key has and did not use. At least one other scope must stay.')
  @Field(listOf(ANY_SCOPE))
  @Texts()
  scopes: string[];
}

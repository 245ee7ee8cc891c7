import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import { type ActionType, type Block, blocksInOrder } from './block.js';
import type { BlockExecutor } from './blocks/block-executor.js';
import { fieldsReferredTo } from './references.js';
import { EVENT_FIELD_SCOPES, type EventField } from '../event-facts/event-facts.js';
import type { TriggerType } from './triggers.js';

type DeclaredScopes = Readonly<Record<ActionType, Pick<BlockExecutor, 'scopes'>>>;

/**
 * Lists the scopes for a workflow's actions and the data that it reads, in the order of its blocks. A workflow runs
 * without a key, so the caller that saves or activates it must have them.
 * @param blocks well-formed
 */
export function scopesOfVersion(
  blocks: readonly Block[],
  trigger: TriggerType,
  declared: DeclaredScopes,
): ReadonlySet<OrgScope> {
  const scopes = blocksInOrder(blocks, '').flatMap(({ block }): OrgScope[] => {
    if (block.kind === 'if_else') return scopesOfReferences(block.condition, trigger);
    return [...declared[block.type].scopes, ...scopesOfReferences(block.input, trigger)];
  });
  return new Set(scopes);
}

function scopesOfReferences(value: unknown, trigger: TriggerType): OrgScope[] {
  if (trigger === 'webhook') return [];
  return fieldsReferredTo(value, 'trigger').flatMap((field) =>
    Object.hasOwn(EVENT_FIELD_SCOPES, field) ? [EVENT_FIELD_SCOPES[field as EventField]] : [],
  );
}

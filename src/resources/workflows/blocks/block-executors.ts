import { Injectable } from '@nestjs/common';
import type { ActionType } from '../block.js';
import { AddTag } from './add-tag.js';
import { AssignTeam } from './assign-team.js';
import type { BlockExecutor } from './block-executor.js';
import { CallAction } from './call-action.js';
import { HandOff } from './handoff.js';

/** Who does what, by the type of the block. A type that nobody does can't be activated. */
@Injectable()
export class BlockExecutors {
  readonly byType: Readonly<Partial<Record<ActionType, BlockExecutor>>>;

  constructor(callAction: CallAction, addTag: AddTag, assignTeam: AssignTeam, handOff: HandOff) {
    this.byType = { call_action: callAction, add_tag: addTag, assign_team: assignTeam, handoff: handOff };
  }
}

export const BLOCK_EXECUTORS = [CallAction, AddTag, AssignTeam, HandOff, BlockExecutors];

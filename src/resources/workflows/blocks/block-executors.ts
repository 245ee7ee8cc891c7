import { Injectable } from '@nestjs/common';
import type { ActionType } from '../block.js';
import { AddTag } from './add-tag.js';
import { AssignTeam } from './assign-team.js';
import type { BlockExecutor } from './block-executor.js';
import { HandOff } from './handoff.js';

/** Who does what, by the type of the block. A type that nobody does can't be activated. */
@Injectable()
export class BlockExecutors {
  readonly byType: Readonly<Partial<Record<ActionType, BlockExecutor>>>;

  constructor(addTag: AddTag, assignTeam: AssignTeam, handOff: HandOff) {
    this.byType = { add_tag: addTag, assign_team: assignTeam, handoff: handOff };
  }
}

export const BLOCK_EXECUTORS = [AddTag, AssignTeam, HandOff, BlockExecutors];

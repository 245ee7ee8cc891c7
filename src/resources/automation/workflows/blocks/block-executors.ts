import { Injectable } from '@nestjs/common';
import type { ActionType } from '../block.js';
import { AddTag } from './add-tag.js';
import { AssignTeam } from './assign-team.js';
import type { BlockExecutor } from './block-executor.js';
import { CallAction } from './call-action.js';
import { HandOff } from './handoff.js';
import { SendEmail } from './send-email.js';

/** Executors by type of block. */
@Injectable()
export class BlockExecutors {
  readonly byType: Readonly<Record<ActionType, BlockExecutor>>;

  constructor(callAction: CallAction, addTag: AddTag, assignTeam: AssignTeam, sendEmail: SendEmail, handOff: HandOff) {
    this.byType = {
      call_action: callAction,
      add_tag: addTag,
      assign_team: assignTeam,
      send_email: sendEmail,
      handoff: handOff,
    };
  }
}

export const BLOCK_EXECUTORS = [CallAction, AddTag, AssignTeam, SendEmail, HandOff, BlockExecutors];

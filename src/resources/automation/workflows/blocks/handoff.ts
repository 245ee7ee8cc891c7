import { Injectable } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import { ArrayUnique } from '../../../../core/validation/array-unique.js';
import { Nullable, Optional, Text } from '../../../../core/validation/decorators.js';
import { HANDOFF_REASONS, type HandoffReason } from '../../../conversations/chat-sessions/chat-session-parts.js';
import { Handoffs } from '../../../conversations/chat-sessions/handoffs.service.js';
import type { BlockExecutor, Step } from './block-executor.js';
import { SESSION_ROW, SessionInput } from './session-input.js';

class HandoffInput extends SessionInput {
  @Optional()
  @IsIn(HANDOFF_REASONS, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(HANDOFF_REASONS.length)
  @ArrayMinSize(1)
  @IsArray()
  reasons: HandoffReason[] = ['based_on_instructions'];

  @Optional()
  @Nullable()
  @Text(0, 1_000)
  summary: string | null = null;

  @Optional()
  @Nullable()
  @Text(0, 2_000)
  explanation: string | null = null;
}

/** Result: `{session_id, reasons, is_new}`. Does nothing to a session that is already handed off. */
@Injectable()
export class HandOff implements BlockExecutor<HandoffInput> {
  readonly scopes = ['chat-sessions:write'] as const;
  readonly input = HandoffInput;
  readonly namedRows = SESSION_ROW;
  readonly needsSession = true;
  readonly effect = 'transaction';

  constructor(private readonly handoffs: Handoffs) {}

  async run({ orgId, input: { session_id, ...handoff } }: Step<HandoffInput>): Promise<object> {
    const is_new = await this.handoffs.ensureHandedOff({ orgId }, session_id, handoff);
    return { session_id, reasons: handoff.reasons, is_new };
  }
}

import { Injectable } from '@nestjs/common';
import { ChatSessions } from '../../../conversations/chat-sessions/chat-sessions.service.js';
import { Id } from '../../../../core/validation/decorators.js';
import type { BlockExecutor, Step } from './block-executor.js';
import { SESSION_ROW, SessionInput } from './session-input.js';

class AssignTeamInput extends SessionInput {
  @Id()
  team_id: string;
}

/** Result: `{session_id, team_id}`. */
@Injectable()
export class AssignTeam implements BlockExecutor<AssignTeamInput> {
  readonly scopes = ['chat-sessions:write'] as const;
  readonly input = AssignTeamInput;
  readonly namedRows = { ...SESSION_ROW, team_id: 'teams' } as const;
  readonly needsSession = true;
  readonly effect = 'transaction';

  constructor(private readonly sessions: ChatSessions) {}

  async run({ orgId, input: { session_id, team_id } }: Step<AssignTeamInput>): Promise<object> {
    await this.sessions.assign({ orgId }, session_id, { team_id });
    return { session_id, team_id };
  }
}

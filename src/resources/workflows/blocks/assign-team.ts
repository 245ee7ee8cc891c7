import { Injectable } from '@nestjs/common';
import { IsString } from 'class-validator';
import { ChatSessions } from '../../chat-sessions/chat-sessions.service.js';
import type { BlockExecutor, Step } from './block-executor.js';
import { SessionInput } from './session-input.js';

class AssignTeamInput extends SessionInput {
  @IsString()
  team_id: string;
}

/** → `{session_id, team_id}` */
@Injectable()
export class AssignTeam implements BlockExecutor<AssignTeamInput> {
  readonly scopes = ['chat-sessions:write'] as const;
  readonly input = AssignTeamInput;
  readonly needsSession = true;
  readonly effect = 'transaction';

  constructor(private readonly sessions: ChatSessions) {}

  async run({ orgId, input: { session_id, team_id } }: Step<AssignTeamInput>): Promise<object> {
    await this.sessions.assign({ orgId }, session_id, { team_id });
    return { session_id, team_id };
  }
}

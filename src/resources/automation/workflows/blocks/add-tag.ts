import { Injectable } from '@nestjs/common';
import { IsTagName } from '../../../directory/tags/tag.dto.js';
import { SessionTags } from '../../../conversations/chat-sessions/session-tags.service.js';
import type { BlockExecutor, Step } from './block-executor.js';
import { SESSION_ROW, SessionInput } from './session-input.js';

class AddTagInput extends SessionInput {
  @IsTagName()
  tag_name: string;
}

/** Result: `{session_id, tags}`. */
@Injectable()
export class AddTag implements BlockExecutor<AddTagInput> {
  readonly scopes = ['chat-sessions:write'] as const;
  readonly input = AddTagInput;
  readonly namedRows = SESSION_ROW;
  readonly needsSession = true;
  readonly effect = 'transaction';

  constructor(private readonly tags: SessionTags) {}

  async run({ orgId, input: { session_id, tag_name } }: Step<AddTagInput>): Promise<object> {
    return { session_id, tags: await this.tags.add({ orgId }, session_id, tag_name) };
  }
}

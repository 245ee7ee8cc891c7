import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Asked, AutoReplies, type Reply, type ReplyMode } from '../chat-sessions/auto-replies.js';
import type { Channel } from '../chat-sessions/channels.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { Drafts } from './drafts.service.js';
import { Replies } from './replies.service.js';

@Injectable()
export class Autopilot extends AutoReplies {
  constructor(
    private readonly channels: AutopilotChannels,
    private readonly drafts: Drafts,
    private readonly replies: Replies,
  ) {
    super();
  }

  modeOf(manager: EntityManager, orgId: string, channel: Channel): Promise<ReplyMode> {
    return this.channels.modeOf(manager, orgId, channel);
  }

  enqueueDraft(manager: EntityManager, asked: Asked): Promise<void> {
    return this.drafts.enqueue(manager, asked);
  }

  answer(asked: Asked): Promise<Reply> {
    return this.replies.to(asked);
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { AutoReplies } from './auto-replies.js';
import { ChatSessions } from './chat-sessions.service.js';

/** Where no AI answers, a person has to from the start of a contact's session. */
@Injectable()
export class AwaitedPersons implements OnModuleInit {
  constructor(
    private readonly events: DomainEventBus,
    private readonly sessions: ChatSessions,
    private readonly autoReplies: AutoReplies,
  ) {}

  onModuleInit(): void {
    this.events.listen('conversation.started', async (manager, { orgId, sessionId, startedBy }) => {
      if (startedBy === 'org') return;
      const session = await this.sessions.lockOrThrow(manager, orgId, sessionId);
      const { enabled } = await this.autoReplies.modeOf(manager, orgId, session.channel_type);
      if (!enabled) await this.sessions.awaitPerson(manager, session);
    });
  }
}

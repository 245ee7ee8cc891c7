import type { EntityManager } from 'typeorm';
import type { Channel } from './channels.js';
import type { MessageKey } from './chat-history.service.js';
import type { ContactData } from './chat-answers.js';

/** A contact's message that can be answered. */
export interface Asked extends MessageKey {
  readonly channel: Channel;
}

/** What may be done about contacts' messages on a channel. */
export interface ReplyMode {
  readonly enabled: boolean;
  /** Whether to draft answers for the people who own a session. */
  readonly assist_enabled: boolean;
}

export type Reply = Pick<ContactData, 'code' | 'autopilot_response'> & { readonly session_is_handed_off?: boolean };

/** Answers contacts without a person. Implemented by `autopilot/`. */
export abstract class AutoReplies {
  abstract modeOf(manager: EntityManager, orgId: string, channel: Channel): Promise<ReplyMode>;

  /** Enqueues a draft for the people who own the session; it is written after the transaction commits. */
  abstract enqueueDraft(manager: EntityManager, asked: Asked): Promise<void>;

  /** Answers a committed message, once however often it is asked for. Takes up to 20 seconds. */
  abstract answer(asked: Asked): Promise<Reply>;
}

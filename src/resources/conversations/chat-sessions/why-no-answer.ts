import type { EntityManager } from 'typeorm';
import type { Blocklist } from '../../directory/blocklist/blocklist.service.js';
import type { SendCode } from './chat-answers.js';
import type { ChatSession } from './chat-session.entity.js';

/** Why the AI must not answer in a session; undefined: it may. */
export async function whyNoAnswer(
  blocklist: Blocklist,
  manager: EntityManager,
  session: ChatSession,
): Promise<SendCode | undefined> {
  if (session.is_handed_off || session.assignee_id !== null) return 'session_assigned_to_human_agent';
  if (session.contact_id === null) return undefined;
  const isBlocked = await blocklist.isBlocked(manager, session.org_id, session.contact_id);
  return isBlocked ? 'response_cancelled' : undefined;
}

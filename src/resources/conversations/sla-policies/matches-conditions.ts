import type { Channel } from '../chat-sessions/channels.js';
import type { SlaConditions } from './sla-policy.dto.js';

/** The fields of a session that conditions test. */
export interface MatchedSession {
  readonly channel: Channel;
  readonly tags: readonly string[];
  readonly team_id: string | null;
  readonly contact_custom_data: Readonly<Record<string, string>>;
}

/** An absent or empty condition matches every session. */
export function matchesConditions(conditions: SlaConditions, session: MatchedSession): boolean {
  const { channels = [], tags = [], team_ids: teams = [], contact_custom_data: data = {} } = conditions;
  return (
    (channels.length === 0 || channels.includes(session.channel)) &&
    (tags.length === 0 || tags.some((tag) => session.tags.includes(tag))) &&
    (teams.length === 0 || teams.some((team) => team === session.team_id)) &&
    Object.entries(data).every(([key, value]) => session.contact_custom_data[key] === value)
  );
}

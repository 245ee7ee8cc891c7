import type { EntityManager } from 'typeorm';

const FACTS = `
  SELECT (
    SELECT json_build_object('id', id, 'ticket_number', ticket_number, 'status', status, 'channel', channel_type,
      'team_id', team_id, 'assignee_id', assignee_id, 'contact_id', contact_id, 'custom_data', custom_data)
    FROM chat_sessions WHERE org_id = $1 AND id = $2
  ) AS session, (
    SELECT json_build_object('id', id, 'email', email, 'phone_number', phone_number, 'name', name,
      'custom_data', custom_data)
    FROM contacts WHERE org_id = $1 AND id = coalesce($3,
      (SELECT contact_id FROM chat_sessions WHERE org_id = $1 AND id = $2))
  ) AS contact, (
    SELECT score FROM csat_scores WHERE org_id = $1 AND session_id = $2
  ) AS score`;

/**
 * An event with what there is to know of its session and contact now: kept with the run, it would outlive a contact
 * that is deleted, and a redaction.
 */
export async function withFacts(manager: EntityManager, orgId: string, trigger: object): Promise<object> {
  const { session_id = null, contact_id = null } = trigger as { session_id?: string; contact_id?: string };
  const [facts] = (await manager.query(FACTS, [orgId, session_id, contact_id])) as [object];
  return { ...trigger, ...facts };
}

import { countChanged, type RedactionRule } from '../../../kit/redaction/redaction-rule.js';

const CLEAR = `
  UPDATE workflow_run_steps SET result = result - 'body'
  WHERE org_id = $1 AND result ? 'body' AND run_id IN (
    SELECT (context ->> 'run_id')::uuid FROM chat_events
    WHERE org_id = $1 AND session_id = $2 AND type = 'workflow_triggered')`;

/** Answers of APIs to the runs that a session triggered: they can quote its messages. */
export const STEP_BODIES: RedactionRule = {
  of: 'copies',
  clear: (manager, { orgId, sessionId }) => countChanged(manager, CLEAR, [orgId, sessionId]),
};

import { instantAsText } from '../../core/database/row-as-json.js';
import { type EventSubject, subjectSql } from '../../kit/webhooks/event-subject.js';

const TIMES = ['suspended_at', 'archived_at', 'created_at', 'updated_at'];
const DATA = `
  json_build_object('id', orgs.id, 'name', name, 'external_id', external_id, 'website', website, 'language', language,
    'ai_instructions', ai_instructions, ${TIMES.map((time) => `'${time}', ${instantAsText(`orgs.${time}`)}`).join(', ')})`;

/** An org as its members see it, without the widget's token. */
export const ORG_SUBJECT: EventSubject = { type: 'org', sql: () => subjectSql(DATA, 'orgs ON orgs.id = target_id') };

import { instantAsText } from '../../core/database/row-as-json.js';
import { type EventSubject, subjectSql } from '../../kit/webhooks/event-subject.js';

const TIMES = ['suspended_at', 'created_at', 'updated_at'];
const DATA = `
  json_build_object('id', services.id, 'service', slug, 'label', label, 'description', description, 'url', url,
    'full_access', full_access, 'revision', revision,
    ${TIMES.map((time) => `'${time}', ${instantAsText(`services.${time}`)}`).join(', ')})`;

/** A service without its routes, which can be thousands. */
export const SERVICE_SUBJECT: EventSubject = {
  type: 'service',
  sql: () => subjectSql(DATA, 'services ON services.id = target_id'),
};

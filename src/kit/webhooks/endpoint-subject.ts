import { instantAsText } from '../../core/database/row-as-json.js';
import { type EventSubject, subjectSql } from './event-subject.js';

const DATA = `
  json_build_object('id', webhook_endpoints.id, 'url', substring(url FROM '^[^/]+//[^/?#]+'), 'events', events,
    'description', description, 'is_enabled', is_enabled, 'disabled_reason', disabled_reason, 'signature', signature,
    'created_at', ${instantAsText('created_at')}, 'updated_at', ${instantAsText('updated_at')})`;

/** Of the URL the origin, because its path can contain a credential, and others get the event too. */
export const ENDPOINT_SUBJECT: EventSubject = {
  type: 'webhook_endpoint',
  sql: () => subjectSql(DATA, 'webhook_endpoints ON webhook_endpoints.id = target_id'),
};

import { type EventSubject, subjectSql } from '../../kit/webhooks/event-subject.js';
import { keyFactsSql } from './key-sql.js';

/** A key as its managers see it, without its usage and without the public half of a key with a secret. */
export const KEY_SUBJECT: EventSubject = {
  type: 'api_key',
  sql: (limits) =>
    subjectSql(`(SELECT row_to_json(wire) FROM (${keyFactsSql(limits)}) wire)`, 'api_keys ON api_keys.id = target_id'),
};

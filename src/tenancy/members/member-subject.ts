import { type EventSubject, subjectSql } from '../../kit/webhooks/event-subject.js';
import { MEMBER } from './member-directory.js';

/** A member as the list of members shows one. */
export const MEMBER_SUBJECT: EventSubject = {
  type: 'member',
  sql: () => subjectSql(`${MEMBER}::json`, 'members ON members.org_id = target_org AND members.user_id = target_id'),
};

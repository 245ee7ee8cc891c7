import { ENDPOINT_SUBJECT } from './kit/webhooks/endpoint-subject.js';
import type { EventSubject } from './kit/webhooks/event-subject.js';
import { KEY_SUBJECT } from './tenancy/api-keys/key-subject.js';
import { MEMBER_SUBJECT } from './tenancy/members/member-subject.js';
import { ORG_SUBJECT } from './tenancy/orgs/org-subject.js';
import { SERVICE_SUBJECT } from './tenancy/services/service-subject.js';

/** The objects of lifecycle events. */
export const ALL_EVENT_SUBJECTS: readonly EventSubject[] = [
  KEY_SUBJECT,
  ORG_SUBJECT,
  MEMBER_SUBJECT,
  SERVICE_SUBJECT,
  ENDPOINT_SUBJECT,
];

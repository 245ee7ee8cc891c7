import type { Resource } from '../../../kit/crud/define-resource.js';
import { EMAIL_REDACTION } from './email-replies.redaction.js';
import { EmailReplies } from './email-replies.service.js';

export const emailReplies: Resource = {
  entities: [],
  controllers: [],
  providers: [EmailReplies],
  redaction: EMAIL_REDACTION,
};

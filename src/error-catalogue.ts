import { coreErrors } from './core/errors/core-errors.js';
import { bodyBudgetErrors } from './core/http/body-budget.errors.js';
import { jsonErrors } from './core/validation/json.errors.js';
import { accessErrors } from './access/errors/access.errors.js';
import { fileErrors } from './kit/files/files.errors.js';
import { idempotencyErrors } from './kit/idempotency/idempotency.errors.js';
import { webhookErrors } from './kit/webhooks/webhooks.errors.js';
import { apiKeyErrors } from './tenancy/api-keys/api-keys.errors.js';
import { keyImportErrors } from './tenancy/key-imports/key-imports.errors.js';
import { memberErrors } from './tenancy/members/members.errors.js';
import { orgErrors } from './tenancy/orgs/orgs.errors.js';
import { whatsAppNumberErrors } from './tenancy/whatsapp-numbers/whatsapp-numbers.errors.js';
import { actionErrors } from './resources/automation/actions/actions.errors.js';
import { chatSessionErrors } from './resources/conversations/chat-sessions/chat-sessions.errors.js';
import { csatErrors } from './resources/conversations/csat/csat.errors.js';
import { whatsAppErrors } from './resources/conversations/whatsapp/whatsapp.errors.js';
import { crawlErrors } from './resources/knowledge/crawl/crawl.errors.js';
import { sequenceErrors } from './resources/outreach/sequences/sequences.errors.js';
import { sipErrors } from './resources/voice/sip/sip.errors.js';
import { doorErrors } from './gateway/doors/doors.errors.js';
import { serviceErrors } from './gateway/services/services.errors.js';
import { leakErrors } from './insight/leaks/leaks.errors.js';
import { liveRequestsErrors } from './insight/request-log/live-requests.errors.js';
import { scopeUseErrors } from './insight/scope-use/scope-use.errors.js';
import { orgOwnershipErrors } from './tenancy/orgs/org-ownership.errors.js';
import type { AnyErrorFactory } from './core/errors/define-errors.js';

/** Every error that the server can return. */
export const ERROR_CATALOGUE: readonly AnyErrorFactory[] = [
  coreErrors,
  bodyBudgetErrors,
  jsonErrors,
  accessErrors,
  fileErrors,
  idempotencyErrors,
  webhookErrors,
  apiKeyErrors,
  keyImportErrors,
  memberErrors,
  orgErrors,
  whatsAppNumberErrors,
  actionErrors,
  chatSessionErrors,
  csatErrors,
  whatsAppErrors,
  crawlErrors,
  sequenceErrors,
  sipErrors,
  doorErrors,
  serviceErrors,
  leakErrors,
  liveRequestsErrors,
  scopeUseErrors,
  orgOwnershipErrors,
].flatMap((errors) => Object.values<AnyErrorFactory>(errors));

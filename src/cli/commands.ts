import { auditVerify } from './audit.js';
import type { Command } from './command.js';
import { doctor } from './doctor.js';
import { loginLinkCreate } from './login-link.js';
import { migrate } from './migrate.js';
import { orgCreate, orgList } from './org.js';
import { partnerKeyCreate, partnerKeyList, partnerKeyRevoke } from './partner-key.js';
import { partnerActivate, partnerCreate, partnerDeactivate, partnerList, partnerUpdate } from './partner.js';
import { signingKeyRotate } from './signing-key.js';

/** What `gatehouse` can do, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  migrate,
  partnerCreate,
  partnerList,
  partnerUpdate,
  partnerActivate,
  partnerDeactivate,
  partnerKeyCreate,
  partnerKeyList,
  partnerKeyRevoke,
  orgCreate,
  orgList,
  loginLinkCreate,
  signingKeyRotate,
  auditVerify,
  doctor,
];

import { endMsOf, hasEnded } from '../../core/validation/instant.js';
import type { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import type { KeyCredential } from '../../tenancy/api-keys/key-credential.entity.js';
import type { Org } from '../../tenancy/orgs/org.entity.js';
import type { ExposureAction, Reporter } from './key-exposure.entity.js';

interface Exposed {
  readonly key: Pick<ApiKey, 'type' | 'expires_at' | 'revoked_at' | 'suspended_at'>;
  readonly credential: Pick<KeyCredential, 'rotated_at' | 'retires_at' | 'ended_at'>;
  /** Null: a key of a partner, a service or the operator. */
  readonly org: Pick<Org, 'archived_at' | 'on_exposed'> | null;
  readonly reportedBy: Reporter;
}

/** What a report does to a key. */
export function responseTo({ key, credential, org, reportedBy }: Exposed): ExposureAction {
  // Many orgs depend on such a key, so only its owner or the operator stops it.
  if (org === null) return 'told';
  // Pages of websites hold these keys, where everyone can read them.
  if (key.type === 'client') return 'told';
  if (key.revoked_at !== null || hasEnded(endMsOf(key.expires_at)) || org.archived_at !== null) return 'told';
  if (credential.ended_at !== null || hasEnded(endMsOf(credential.retires_at))) return 'told';
  const wanted = reportedBy === 'holder' ? 'revoke' : org.on_exposed;
  if (wanted === 'tell') return 'told';
  // The credential that replaced it was not found, and its callers can go on.
  if (credential.rotated_at !== null) return 'credential_ended';
  if (wanted === 'revoke') return 'revoked';
  return key.suspended_at === null ? 'suspended' : 'told';
}

import type { RoleName } from '../scopes/roles.js';

export interface StoredSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly roleName: RoleName;
  readonly orgId: string;
  readonly partnerId: string | null;
  readonly partnerActive: boolean;
  readonly orgSuspended: boolean;
  readonly expiresAtMs: number;
}

/** Implemented by `tenancy/sessions/`. */
export abstract class SessionStore {
  /** The live session of a cookie; undefined when it is unknown or ended, or its member, role or org changed. */
  abstract find(token: string): Promise<StoredSession | undefined>;
}

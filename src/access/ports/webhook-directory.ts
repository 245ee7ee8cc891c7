/** A webhook, found by its token. */
export interface Webhook {
  readonly orgId: string;
  /** False: only a key of its org may call it. */
  readonly isPublic: boolean;
  readonly partnerActive: boolean;
  readonly orgSuspended: boolean;
}

/** Implemented by `resources/automation/workflows/`. */
export abstract class WebhookDirectory {
  /** Undefined: it doesn't exist or isn't active. */
  abstract find(token: string): Promise<Webhook | undefined>;
}

/** What can be called by whoever knows its token. */
export interface Webhook {
  readonly orgId: string;
  /** Whether anybody may call it, or only a key of its org. */
  readonly isPublic: boolean;
  readonly partnerActive: boolean;
}

/** Implemented by `resources/automation/workflows/`. */
export abstract class WebhookDirectory {
  /** Undefined: there is none, or it takes no calls now. */
  abstract find(token: string): Promise<Webhook | undefined>;
}

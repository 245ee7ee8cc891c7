/** `client_error` and `server_error` are answers of handlers, after every guard has passed. */
export type Outcome = 'allowed' | 'denied' | 'client_error' | 'server_error';

export type GuardName = 'authentication' | 'network' | 'partner_active' | 'rate_limit' | 'scope';

/** A row of the request log. */
export interface LoggedRequest {
  readonly id: string;
  readonly at: string;
  readonly request_id: string;
  readonly method: string;
  /** The pattern, such as `/contacts/{id}`; null if no route matched. */
  readonly route: string | null;
  readonly service: string | null;
  readonly status: number;
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly refusal: null | { readonly guard: GuardName; readonly reason: string; readonly message: string | null };
  readonly key: null | {
    readonly id: string;
    /** Null if the key is deleted. */
    readonly name: string | null;
    readonly masked_key: string | null;
    readonly credential_id: string | null;
  };
  readonly org_id: string | null;
  readonly client_address: string | null;
  readonly country: string | null;
  readonly user_agent: string | null;
  readonly duration_ms: number;
  /** How many requests the row stands for, if the log was sampled. */
  readonly weight: number;
}

export interface RequestFacets {
  readonly routes: readonly string[];
  readonly reasons: readonly string[];
  readonly services: readonly string[];
  readonly methods: readonly string[];
}

export interface RequestBucket {
  readonly start: string;
  readonly allowed: number;
  readonly denied: Readonly<Record<string, number>>;
}

/** Counts of every request, also of those that the log leaves out. */
export interface RequestSummary {
  readonly bucket_seconds: number;
  readonly buckets: readonly RequestBucket[];
  readonly allowed: number;
  readonly denied: number;
  readonly by_reason: readonly { readonly reason: string; readonly requests: number }[];
}

export type MendAction =
  'grant_scope' | 'allow_address' | 'allow_origin' | 'rotate' | 'raise_limit' | 'extend_expiry' | 'create_key' | 'wait';

/** A change that would let the request through. */
export interface Mend {
  readonly action: MendAction;
  readonly value: string | null;
  /** The members that can make it, or the operator; null: the caller. */
  readonly role: 'Admin' | 'operator' | null;
  readonly message: string;
}

export interface GuardAnswer {
  readonly guard: GuardName;
  readonly result: 'pass' | 'refuse' | 'skip';
  readonly reason: string | null;
  readonly message: string;
}

/** What the guards would answer to a request, without making it. */
export interface CheckAnswer {
  readonly allowed: boolean;
  readonly at: string;
  readonly status: number;
  readonly message: string;
  readonly route: { readonly method: string; readonly path: string; readonly service: string | null } | null;
  readonly guards: readonly GuardAnswer[];
  readonly mends: readonly Mend[];
}

/** A method and a path, or a scope. */
export interface CheckQuestion {
  readonly method?: string;
  readonly path?: string;
  readonly scope?: string;
  readonly ip?: string;
  readonly origin?: string;
  readonly service?: string;
  readonly credential_id?: string;
}

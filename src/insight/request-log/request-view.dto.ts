import { REFUSAL_REASONS, type RefusalReason } from '../../access/errors/refusal-reasons.js';
import { About, Field } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, mapOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';
import { OUTCOMES, type Outcome } from './request-log-entry.entity.js';

const GUARDS = ['authentication', 'network', 'partner_active', 'rate_limit', 'scope'] as const;

/** The guard that refused a request. */
export class RequestRefusal {
  @Field(oneOf(GUARDS))
  guard: (typeof GUARDS)[number];

  @About('Finer than the code of the response.')
  @Field(oneOf(REFUSAL_REASONS))
  reason: RefusalReason;

  @About('A sentence for the reason.')
  @Field(nullable(TEXT))
  message: string | null;
}

export class RequestKey {
  @Field(UUID)
  id: string;

  @About('As it is now; null if the key is deleted.')
  @Field(nullable(TEXT))
  name: string | null;

  @Field(nullable(TEXT))
  masked_key: string | null;

  @About('The credential of the key, which changes when the key is rotated.')
  @Field(nullable(UUID))
  credential_id: string | null;
}

/** One request, without anything that it carried. */
export class RequestView {
  @Field(UUID)
  id: string;

  /** When it was answered. */
  @Field(INSTANT)
  at: string;

  @About('The `X-Request-Id` of the response.')
  @Field(TEXT)
  request_id: string;

  @Field(TEXT)
  method: string;

  /** @example /contacts/{contact_id} */
  @About('The template of the path; null if no route matches.')
  @Field(nullable(TEXT))
  route: string | null;

  @About("The operator's service; null for this server's own routes.")
  @Field(nullable(TEXT))
  service: string | null;

  @Field(INTEGER)
  status: number;

  @About('`denied`: a guard refused it. `client_error` and `server_error`: it was allowed, and failed with 4xx or 5xx.')
  @Field(oneOf(OUTCOMES))
  outcome: Outcome;

  @About('The code of the error.')
  @Field(nullable(TEXT))
  code: string | null;

  @Field(nullable(RequestRefusal))
  refusal: RequestRefusal | null;

  @About('Null: a session, or no known key.')
  @Field(nullable(RequestKey))
  key: RequestKey | null;

  @Field(nullable(UUID))
  org_id: string | null;

  @Field(nullable(TEXT))
  client_address: string | null;

  @About('ISO 3166-1 alpha-2. Null if unknown, or without COUNTRY_FILE.')
  @Field(nullable(TEXT))
  country: string | null;

  @About('At most 200 characters.')
  @Field(nullable(TEXT))
  user_agent: string | null;

  @Field({ type: 'number' })
  duration_ms: number;

  @About('How many requests the entry stands for. Above 1 when a busy server keeps a sample.')
  @Field(INTEGER)
  weight: number;
}

/** What occurs in the log of an org, each list in alphabetical order. */
export class RequestFacets {
  @Field(listOf(TEXT))
  routes: string[];

  @Field(listOf(TEXT))
  reasons: string[];

  @Field(listOf(TEXT))
  services: string[];

  @Field(listOf(TEXT))
  methods: string[];
}

export class DenialCount {
  @About('`unknown` for requests from before reasons were counted.')
  @Field(TEXT)
  reason: string;

  @Field(INTEGER)
  requests: number;
}

export class RequestBucket {
  @Field(INSTANT)
  start: string;

  @Field(INTEGER)
  allowed: number;

  @About('By reason.')
  @Field(mapOf(INTEGER))
  denied: Record<string, number>;
}

/** Counts of requests with a key. They are exact, also where the log keeps a sample or nothing. */
export class RequestSummary {
  @Field(INTEGER)
  bucket_seconds: number;

  @About('Oldest first, those without requests too.')
  @Field(listOf(RequestBucket))
  buckets: RequestBucket[];

  @Field(INTEGER)
  allowed: number;

  @Field(INTEGER)
  denied: number;

  @About('Most frequent first.')
  @Field(listOf(DenialCount))
  by_reason: DenialCount[];
}

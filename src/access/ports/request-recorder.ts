import type { AppError } from '../../core/errors/app-error.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers about other requests, and records those: instead of its own ones, or of those that succeed. */
    readonly recordsItself?: 'all' | 'answers';
  }
}

/** A request to a route of this server or of a service, and how it was answered. */
export interface AnsweredRequest {
  /** Its method, headers and client are read only if it is recorded. */
  readonly request: GuardedRequest;
  /** As in `X-Request-Id`. */
  readonly requestId: string;
  /** The template, such as `/contacts/{id}`; null: no route matches. Never the path itself. */
  readonly route: string | null;
  /** The slug of the operator's service; null: this server. */
  readonly service: string | null;
  readonly status: number;
  /** Null: it isn't authenticated. */
  readonly principal: Principal | null;
  /** Undefined: it isn't an error. */
  readonly error: AppError | undefined;
  /** Monotonic milliseconds, as of `performance.now()`. */
  readonly arrivedAtMs: number;
}

/** Records requests for the request log. Implemented by `insight/request-log/`. */
export abstract class RequestRecorder {
  /** False: nothing is recorded. */
  abstract readonly isOn: boolean;

  /** Entries that were stored, and requests that are part of another entry, or were lost in a long outage. */
  abstract readonly counts: Readonly<Record<'stored' | 'merged' | 'dropped', number>>;

  /** Returns at once and never throws; the entry is stored within about a second. */
  abstract record(answered: AnsweredRequest): void;
}

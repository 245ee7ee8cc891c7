import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { AppError, type AppErrorDetails } from './app-error.js';
import { coreErrors } from './core-errors.js';
import type { LogLevel } from './error-definition.js';
import { isDatabaseAway, isDataException } from './postgres-error.js';

/** What the client gets, and the level of the log line. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Undefined: not logged. */
  readonly log: LogLevel | undefined;
}

type Factory = (details: AppErrorDetails) => AppError;

/** Errors that Fastify raises before or around Nest, by their own code. */
const OF_FASTIFY: Readonly<Record<string, Factory>> = {
  FST_ERR_BAD_URL: coreErrors.malformed_url,
  FST_ERR_ASYNC_CONSTRAINT: coreErrors.malformed_url,
  FST_ERR_ROUTE_MAX_PARAM_LENGTH: coreErrors.url_too_long,
  FST_ERR_MAX_PARAM_LENGTH: coreErrors.url_too_long,
  FST_ERR_CTP_BODY_TOO_LARGE: coreErrors.body_too_large,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: coreErrors.unsupported_media_type,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: coreErrors.malformed_request,
  FST_ERR_CTP_EMPTY_TYPE: coreErrors.unsupported_media_type,
};

const OF_STATUS: Readonly<Record<number, Factory>> = {
  400: coreErrors.malformed_request,
  404: coreErrors.route_not_found,
  413: coreErrors.body_too_large,
  414: coreErrors.url_too_long,
  415: coreErrors.unsupported_media_type,
  503: coreErrors.shutting_down,
};

/** Bodies of these have `error`, the status's reason phrase. */
const WITH_REASON = new Set([401, 404]);

/** Any thrown value as an AppError; an unexpected one is `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  // Fastify's errors have a status: the ECONNRESET of a client says nothing about the database.
  if (statusCode === undefined && isDatabaseAway(error)) return coreErrors.database_unavailable({ cause: error });
  if (isDataException(error)) {
    return coreErrors.invalid_request({ message: 'A value cannot be stored.' }, { cause: error });
  }
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  const make = (code && OF_FASTIFY[code]) || (status && OF_STATUS[status]) || coreErrors.internal;
  return make({ cause: error });
}

/**
 * The one shape of every error body. `code` comes last, except in bodies that a source of the contract fixes.
 * @param route its path, where there is one: S1 fixes the 400 of partner routes to `statusCode` and `message`
 */
export function errorAnswer(error: AppError, route: string | undefined, requestId: string): ErrorAnswer {
  const { status, log, fixedBySource } = error.definition;
  const isInvalidPartnerRequest = status === 400 && route?.startsWith('/partner/v1') === true;
  const body: Record<string, unknown> = { statusCode: status, message: error.message };
  if (WITH_REASON.has(status)) body['error'] = STATUS_CODES[status];
  if (status === 400 && route !== undefined && !isInvalidPartnerRequest) body['errors'] = error.details.errors ?? [];
  if (status === 500) body['request_id'] = requestId;
  if (fixedBySource === undefined && !isInvalidPartnerRequest) body['code'] = error.code;
  const headers = status === 503 ? { 'Retry-After': '1', ...error.details.headers } : { ...error.details.headers };
  return { status, headers, body, log };
}

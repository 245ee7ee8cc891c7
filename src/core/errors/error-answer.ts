import { HttpException } from '@nestjs/common';
import { AppError } from './app-error.js';
import type { ErrorCode, LogLevel } from './error-catalogue.js';
import { isDatabaseAway, isDataException } from './postgres-error.js';

/** What the client gets, and how loudly the log hears of it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly log: LogLevel;
}

/** Errors that Fastify raises before or around Nest, by their own code. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_ASYNC_CONSTRAINT: 'malformed_url',
  FST_ERR_ROUTE_MAX_PARAM_LENGTH: 'url_too_long',
  FST_ERR_MAX_PARAM_LENGTH: 'url_too_long',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
};

const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_request',
  404: 'route_not_found',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  503: 'shutting_down',
};

/** Any thrown value as an AppError; what nobody expected is `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  // Fastify has given its errors a status: a client that hung up is an ECONNRESET too, and no word on the database.
  if (statusCode === undefined && isDatabaseAway(error)) {
    return new AppError('database_unavailable', {}, { cause: error });
  }
  if (isDataException(error)) {
    return new AppError('invalid_request', { message: 'A value cannot be stored.' }, { cause: error });
  }
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  const known = (code && FASTIFY_CODES[code]) || (status && STATUS_CODES[status]) || 'internal';
  return new AppError(known, {}, { cause: error });
}

/**
 * The one shape of every error body. `code` comes last, except in bodies that a source of the contract fixes.
 * @param route its path, where there is one: S1 fixes the 400 of partner routes to `statusCode` and `message`
 */
export function errorAnswer(error: AppError, route: string | undefined, requestId: string): ErrorAnswer {
  const { status, error: reason, log, fixedBySource } = error.definition;
  const isInvalidPartnerRequest = status === 400 && route?.startsWith('/partner/v1') === true;
  const body: Record<string, unknown> = { statusCode: status, message: error.message };
  if (reason) body['error'] = reason;
  if (status === 400 && route !== undefined && !isInvalidPartnerRequest) body['errors'] = error.details.errors ?? [];
  if (status === 500) body['request_id'] = requestId;
  if (fixedBySource === undefined && !isInvalidPartnerRequest) body['code'] = error.code;
  const headers = status === 503 ? { 'Retry-After': '1', ...error.details.headers } : { ...error.details.headers };
  return { status, headers, body, log };
}

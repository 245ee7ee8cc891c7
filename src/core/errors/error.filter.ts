import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from './app-error.js';
import type { Log } from '../logging/log.js';
import { type ErrorAnswer, errorAnswer, toAppError } from './error-answer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error that it is answered with; null: none. */
    answeredError: AppError | null;
  }
}

/** Writes all error bodies. Fastify's own error paths call `write` too. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  /** @param onError called with each error, before it is answered */
  constructor(
    private readonly log: Log,
    private readonly onError?: (error: AppError, request: FastifyRequest) => void,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.write(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  write(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const answer = this.prepare(error, request);
    if (reply.sent) return;
    // The route may have set another Content-Type, such as the HTML of the login pages.
    reply.code(answer.status).headers(answer.headers).type('application/json; charset=utf-8');
    reply.serializer(JSON.stringify).send(answer.body);
  }

  /** Counts and logs an error, for callers that answer it in another form. */
  prepare(error: unknown, request: FastifyRequest): ErrorAnswer {
    const appError = toAppError(error);
    request.answeredError = appError;
    this.onError?.(appError, request);
    // The route's path, not the URL: that can spell it differently (`/%70artner`, `http://host/partner`).
    const answer = errorAnswer(appError, request.routeOptions.url, request.id);
    if (answer.log !== undefined) {
      const err = appError.details.cause ?? appError;
      this.log[answer.log]({ err, code: appError.code, req: request }, appError.message);
    }
    return answer;
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { coreErrors } from '../errors/core-errors.js';
import type { BodyBudget } from './body-budget.js';
import { lingeringClose } from './lingering-close.js';

/** Receiving the rest of such a body costs less than a new connection. */
const DISCARDED_BYTES_MAX = 64 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Responses to clients that wait for 100 (Continue). */
const awaitingContinue = new WeakSet<ServerResponse>();

/**
 * Sends 100 (Continue) when the body is read, so that a request refused earlier gets its final status instead. Node closes
 * the connection after such an answer, because the client may or may not send the body.
 */
export function deferContinue({ server }: FastifyInstance): void {
  server.on('checkContinue', (request, response) => {
    awaitingContinue.add(response);
    server.emit('request', request, response);
  });
}

/**
 * A request body that has not been read yet. It stands in `request.body` until the guards have passed the request. Until
 * then the server holds no more of it than the socket's buffer, and routes without a body never read one.
 */
export class ArrivingBody {
  readonly #raw: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #isKeptAlive: boolean;
  /** Undefined: chunked, so the length is unknown. */
  readonly length: number | undefined;

  private constructor(
    readonly request: FastifyRequest,
    response: ServerResponse,
    private readonly budget: BodyBudget,
  ) {
    const { raw } = request;
    this.#raw = raw;
    this.#response = response;
    this.#isKeptAlive = response.shouldKeepAlive;
    if (raw.headers['transfer-encoding'] === undefined) this.length = Number(raw.headers['content-length']);
    // After an answer before the end of a long body, the connection closes.
    if (!(this.length! <= DISCARDED_BYTES_MAX)) response.shouldKeepAlive = false;
    const { socket } = raw;
    // Called by Node after the last answer.
    socket.destroySoon = () => (raw.complete ? Socket.prototype.destroySoon.call(socket) : lingeringClose(socket));
  }

  /** Must run before anything else reads `request.body`. */
  static expect(request: FastifyRequest, reply: FastifyReply, budget: BodyBudget): void {
    const { headers } = request.raw;
    if (headers['transfer-encoding'] === undefined) {
      const length = headers['content-length'];
      if (length === undefined || Number(length) === 0) return;
    }
    request.body = new ArrivingBody(request, reply.raw, budget);
  }

  /** An empty body counts as absent, however it is framed, and needs no Content-Type. */
  isEmpty(): boolean | Promise<boolean> {
    if (this.length !== undefined || this.#raw.readableLength > 0) return false;
    return this.#raw.complete || this.#awaitFirstByte();
  }

  /**
   * Reads the whole body.
   * @param assertTaken called when the first byte is there; throws when the route doesn't take the type
   * @throws AppError body_too_large (413), unsupported_content_encoding (415), malformed_request (400),
   *   bodies_in_flight (429), bodies_in_flight_in_all (503)
   */
  read(bytesMax: number, assertTaken: () => void): Buffer | Promise<Buffer> {
    if (this.length !== undefined) {
      this.#assertPlain();
      assertTaken();
      if (this.length > bytesMax) throw coreErrors.body_too_large();
    }
    return this.#hasArrived() ? this.#readAll(bytesMax, assertTaken) : this.#collect(bytesMax, assertTaken);
  }

  /** Returns the stream, for a form. @throws AppError unsupported_content_encoding (415), malformed_request (400) */
  open(): IncomingMessage {
    this.#assertPlain();
    this.#begin();
    this.#raw.once('end', () => this.#keepAlive());
    return this.#raw;
  }

  /** Node sets `complete` only after the listeners for the last bytes have run. */
  #hasArrived(): boolean {
    return this.#raw.complete || this.#raw.readableLength === this.length;
  }

  /** For bodies that arrived with the head of the request, as most do. */
  #readAll(bytesMax: number, assertTaken: () => void): Buffer {
    const bytes = (this.#raw.read() as Buffer | null) ?? NO_BYTES;
    this.#keepAlive();
    if (bytes.length > 0 && this.length === undefined) {
      this.#assertPlain();
      assertTaken();
      if (bytes.length > bytesMax) throw coreErrors.body_too_large();
    }
    return bytes;
  }

  #collect(bytesMax: number, assertTaken: () => void): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const raw = this.#raw;
    const held = this.budget.hold(this.request);
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: () => void) => {
      raw.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      held.release();
      outcome();
    };
    const onData = (chunk: Buffer) => {
      try {
        if (chunks.length === 0 && this.length === undefined) {
          this.#assertPlain();
          assertTaken();
        }
        length += chunk.length;
        if (length > bytesMax) throw coreErrors.body_too_large();
        held.add(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        raw.pause();
        settle(() => reject(error as Error));
      }
    };
    const onEnd = () => {
      this.#keepAlive();
      settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)));
    };
    const onError = () => settle(() => reject(coreErrors.malformed_request()));
    this.#begin();
    if (raw.destroyed) onError();
    else raw.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
    return promise;
  }

  #awaitFirstByte(): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const raw = this.#raw;
    const settle = (outcome: () => void) => {
      raw.off('readable', onReadable).off('error', onError).off('close', onError);
      outcome();
    };
    const onReadable = () => settle(() => resolve(raw.readableLength === 0));
    const onError = () => settle(() => reject(coreErrors.malformed_request()));
    this.#begin();
    if (raw.destroyed) onError();
    else raw.on('readable', onReadable).on('error', onError).on('close', onError);
    return promise;
  }

  #begin(): void {
    if (awaitingContinue.delete(this.#response)) this.#response.writeContinue();
  }

  /** After the end of the body, another request can follow. */
  #keepAlive(): void {
    if (!this.#response.headersSent) this.#response.shouldKeepAlive = this.#isKeptAlive;
  }

  #assertPlain(): void {
    const { 'content-encoding': coding = 'identity', 'transfer-encoding': framing = 'chunked' } = this.#raw.headers;
    if (!/^(?:identity)?$/i.test(coding.trim())) {
      throw coreErrors.unsupported_content_encoding({ headers: { 'Accept-Encoding': 'identity' } });
    }
    if (framing.toLowerCase() !== 'chunked') throw coreErrors.malformed_request();
  }
}

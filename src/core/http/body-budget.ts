import type { FastifyRequest } from 'fastify';
import { bodyBudgetErrors } from './body-budget.errors.js';

const MEBIBYTE = 1024 * 1024;
export const CALLER_BYTES_MAX = 16 * MEBIBYTE;
const ALL_BYTES_MAX = 128 * MEBIBYTE;
const RETRY = { headers: { 'Retry-After': '1' } };

/** The part of the budget that one request holds. */
export interface HeldBytes {
  /** @throws AppError bodies_in_flight (429), bodies_in_flight_in_all (503) */
  add(bytes: number): void;
  /** Call when the body is complete or abandoned. */
  release(): void;
}

/**
 * Limits the memory of incomplete bodies, per caller and in total. A client may take a minute to send a body, so without
 * a limit one caller could use all memory.
 */
export class BodyBudget {
  readonly #byCaller = new Map<string, number>();
  #bytes = 0;

  /** @param callerOf the org or partner of a request; its address on public routes */
  constructor(private readonly callerOf: (request: FastifyRequest) => string) {}

  /** Bytes of incomplete bodies in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  hold(request: FastifyRequest): HeldBytes {
    const caller = this.callerOf(request);
    let held = 0;
    return {
      add: (bytes) => {
        const ofCaller = (this.#byCaller.get(caller) ?? 0) + bytes;
        if (ofCaller > CALLER_BYTES_MAX) throw bodyBudgetErrors.bodies_in_flight(RETRY);
        if (this.#bytes + bytes > ALL_BYTES_MAX) throw bodyBudgetErrors.bodies_in_flight_in_all(RETRY);
        this.#byCaller.set(caller, ofCaller);
        this.#bytes += bytes;
        held += bytes;
      },
      release: () => {
        const left = (this.#byCaller.get(caller) ?? 0) - held;
        if (left > 0) this.#byCaller.set(caller, left);
        else this.#byCaller.delete(caller);
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}

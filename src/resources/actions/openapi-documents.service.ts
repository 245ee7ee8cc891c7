import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../errors/app-error.js';
import { PAYLOAD_BYTES_MAX, type ActionPayload } from './action-payload.js';

const READ_WITHIN_MS = 30_000;
const MEGABYTES_MAX = 512;
/** Each takes a processor for seconds; the server needs the others. */
const READING_MAX = 1;
const WAITING_MAX = 5;
/** As in the source where the tests run it, and as built. */
const READER = new URL(`./openapi-reader${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** One operation that an OpenAPI document describes. */
export interface ReadOperation {
  readonly payload: ActionPayload & Required<Pick<ActionPayload, 'path' | 'method'>>;
  /** OpenAPI's server objects, as they are. */
  readonly servers: readonly unknown[];
  readonly tags: readonly string[];
}

/** What the reader's thread says. */
type Told =
  | { readonly operations: readonly ReadOperation[] }
  | { readonly problem: { readonly code: ImportCode; readonly message: string } };
type ImportCode = 'failed_to_parse_spec' | 'invalid_tool_schema';

/** OpenAPI documents, read in a thread of their own: a large one takes seconds, in which this one would answer nobody. */
@Injectable()
export class OpenApiDocuments {
  #reading = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param text JSON or YAML of OpenAPI 2.0, 3.0 or 3.1
   * @throws AppError failed_to_parse_spec, invalid_tool_schema (400), imports_busy (503)
   */
  async read(text: string): Promise<readonly ReadOperation[]> {
    await this.#turn();
    try {
      const told = await readApart(text);
      if ('operations' in told) return told.operations;
      const { code, message } = told.problem;
      throw new AppError(code, { message });
    } finally {
      // Whoever waits takes over this one's place.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#reading--;
    }
  }

  async #turn(): Promise<void> {
    if (this.#reading < READING_MAX) {
      this.#reading++;
      return;
    }
    if (this.#waiting.length >= WAITING_MAX) throw new AppError('imports_busy');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

async function readApart(text: string): Promise<Told> {
  const worker = new Worker(READER, {
    workerData: { text, payloadBytesMax: PAYLOAD_BYTES_MAX },
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const refuse = (sentence: string) => reject(new AppError('failed_to_parse_spec', { message: sentence }));
  const tooLong = setTimeout(() => refuse('The document takes too long to read'), READ_WITHIN_MS);
  worker.once('message', resolve);
  worker.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') refuse('The document takes too much memory to read');
    else reject(error);
  });
  worker.once('exit', (code) => reject(new Error(`The reader of OpenAPI documents ended with ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(tooLong);
    await worker.terminate();
  }
}

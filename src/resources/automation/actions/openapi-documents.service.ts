import { Injectable } from '@nestjs/common';
import { answerOfThread, threadBeside, ThreadOverrun } from '../../../kit/document-text/bounded-thread.js';
import { actionErrors, type ImportErrorCode } from './actions.errors.js';
import { PAYLOAD_BYTES_MAX, type ActionPayload } from './action-payload.js';

const READ_WITHIN_MS = 30_000;
const MEGABYTES_MAX = 512;
/** Each takes a processor for seconds; the server needs the others. */
const READING_MAX = 1;
const WAITING_MAX = 5;
const READER = threadBeside(import.meta.url, 'openapi-reader');
const TOO_MUCH: Readonly<Record<ThreadOverrun['of'], string>> = {
  time: 'The document takes too long to read',
  memory: 'The document takes too much memory to read',
};

/** One operation that an OpenAPI document describes. */
export interface ReadOperation {
  readonly payload: ActionPayload & Required<Pick<ActionPayload, 'path' | 'method'>>;
  /** Of the servers that the document names; undefined: none is absolute. */
  readonly base_url: string | undefined;
  readonly tags: readonly string[];
}

/** What the reader's thread says. */
type Told =
  | { readonly operations: readonly ReadOperation[] }
  | { readonly problem: { readonly code: ImportErrorCode; readonly message: string } };

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
      throw actionErrors[code]({ message });
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
    if (this.#waiting.length >= WAITING_MAX) throw actionErrors.imports_busy();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

async function readApart(text: string): Promise<Told> {
  try {
    const input = { text, payloadBytesMax: PAYLOAD_BYTES_MAX };
    return await answerOfThread<Told>(READER, input, { withinMs: READ_WITHIN_MS, megabytesMax: MEGABYTES_MAX });
  } catch (error) {
    if (!(error instanceof ThreadOverrun)) throw error;
    throw actionErrors.failed_to_parse_spec({ message: TOO_MUCH[error.of] });
  }
}

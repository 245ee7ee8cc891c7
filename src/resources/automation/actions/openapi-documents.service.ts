import { Injectable } from '@nestjs/common';
import { runInThread, threadBeside, ThreadOverrun } from '../../../kit/document-text/bounded-thread.js';
import { actionErrors, type ImportErrorCode } from './actions.errors.js';
import { PAYLOAD_BYTES_MAX, type ActionPayload } from './action-payload.js';

const READ_WITHIN_MS = 30_000;
const MEGABYTES_MAX = 512;
/** Reading occupies a CPU core for seconds. The server needs the others. */
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
  /** Undefined: no server of the document has an absolute URL. */
  readonly base_url: string | undefined;
  readonly tags: readonly string[];
}

/** The result that the reader thread posts. */
type ReaderResult =
  | { readonly operations: readonly ReadOperation[] }
  | { readonly problem: { readonly code: ImportErrorCode; readonly message: string } };

/** Reads OpenAPI documents in a worker thread: a large one takes seconds, which would block the event loop. */
@Injectable()
export class OpenApiDocuments {
  #reading = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param text JSON or YAML of OpenAPI 2.0, 3.0 or 3.1
   * @throws AppError failed_to_parse_spec, invalid_tool_schema (400), imports_busy (503)
   */
  async read(text: string): Promise<readonly ReadOperation[]> {
    await this.#acquire();
    try {
      const result = await readInThread(text);
      if ('operations' in result) return result.operations;
      const { code, message } = result.problem;
      throw actionErrors[code]({ message });
    } finally {
      // The next waiting call takes over this slot.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#reading--;
    }
  }

  async #acquire(): Promise<void> {
    if (this.#reading < READING_MAX) {
      this.#reading++;
      return;
    }
    if (this.#waiting.length >= WAITING_MAX) throw actionErrors.imports_busy();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

async function readInThread(text: string): Promise<ReaderResult> {
  try {
    const input = { text, payloadBytesMax: PAYLOAD_BYTES_MAX };
    return await runInThread<ReaderResult>(READER, input, { withinMs: READ_WITHIN_MS, megabytesMax: MEGABYTES_MAX });
  } catch (error) {
    if (!(error instanceof ThreadOverrun)) throw error;
    throw actionErrors.failed_to_parse_spec({ message: TOO_MUCH[error.of] });
  }
}

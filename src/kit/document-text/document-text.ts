import { MARKDOWN, TEXT } from '../files/media-types.js';
import { runInThread, threadBeside, ThreadOverrun } from './bounded-thread.js';

const BOUNDS = { withinMs: 30_000, megabytesMax: 512 } as const;
const TOO_MUCH: Readonly<Record<ThreadOverrun['of'], string>> = {
  time: 'The document takes too long to read.',
  memory: 'The document takes too much memory to read.',
};
const READER = threadBeside(import.meta.url, 'document-reader');
/** Documents are read one at a time, because each uses a CPU for seconds and much memory. */
let previous: Promise<unknown> = Promise.resolve();

/** The message of the reader thread. */
type ReaderMessage = { readonly text: string } | { readonly problem: string };

/** A permanent failure. The message is shown to the client. */
export class UnreadableDocument extends Error {}

/**
 * Returns the text of a document by lines, with table cells separated by tabs.
 * @throws UnreadableDocument
 */
export async function textOfDocument(bytes: Buffer, mediaType: string, signal: AbortSignal): Promise<string> {
  const isText = mediaType === TEXT || mediaType === MARKDOWN;
  const text = isText ? new TextDecoder().decode(bytes) : await readApart(bytes, mediaType, signal);
  if (text.trim() === '') throw new UnreadableDocument('The document has no text.');
  return text;
}

async function readApart(bytes: Buffer, mediaType: string, signal: AbortSignal): Promise<string> {
  const message = await runDocumentThread<ReaderMessage>(READER, { bytes, mediaType }, signal);
  if ('problem' in message) throw new UnreadableDocument(message.problem);
  return message.text;
}

/**
 * Runs a document thread; calls are queued. Exceeded limits are permanent failures.
 * @throws UnreadableDocument
 */
export function runDocumentThread<Answer>(thread: URL, input: object, signal: AbortSignal): Promise<Answer> {
  const work = async () => {
    try {
      return await runInThread<Answer>(thread, input, { ...BOUNDS, signal });
    } catch (error) {
      if (error instanceof ThreadOverrun) throw new UnreadableDocument(TOO_MUCH[error.of], { cause: error });
      throw error;
    }
  };
  const answer = previous.then(work);
  previous = answer.catch(() => undefined);
  return answer;
}

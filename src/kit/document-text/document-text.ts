import { MARKDOWN, TEXT } from '../files/media-types.js';
import { answerOfThread, threadBeside, ThreadOverrun } from './bounded-thread.js';

const BOUNDS = { withinMs: 30_000, megabytesMax: 512 } as const;
const TOO_MUCH: Readonly<Record<ThreadOverrun['of'], string>> = {
  time: 'The document takes too long to read.',
  memory: 'The document takes too much memory to read.',
};
const READER = threadBeside(import.meta.url, 'document-reader');
/** Each takes a processor for seconds and up to its megabytes; the server needs the others. */
let before: Promise<unknown> = Promise.resolve();

/** What the reader's thread says. */
type Told = { readonly text: string } | { readonly problem: string };

/** Nobody will get more out of this document; the message is for the client. */
export class UnreadableDocument extends Error {}

/**
 * The text of a document: a line for each of its lines, cells side by side separated by tabs.
 * @throws UnreadableDocument
 */
export async function textOfDocument(bytes: Buffer, mediaType: string, signal: AbortSignal): Promise<string> {
  const isText = mediaType === TEXT || mediaType === MARKDOWN;
  const text = isText ? new TextDecoder().decode(bytes) : await readApart(bytes, mediaType, signal);
  if (text.trim() === '') throw new UnreadableDocument('The document has no text.');
  return text;
}

async function readApart(bytes: Buffer, mediaType: string, signal: AbortSignal): Promise<string> {
  const told = await workOnDocument<Told>(READER, { bytes, mediaType }, signal);
  if ('problem' in told) throw new UnreadableDocument(told.problem);
  return told.text;
}

/**
 * What a thread makes of a document, one document after the other. What was too much once is too much again.
 * @throws UnreadableDocument
 */
export function workOnDocument<Answer>(thread: URL, input: object, signal: AbortSignal): Promise<Answer> {
  const work = async () => {
    try {
      return await answerOfThread<Answer>(thread, input, { ...BOUNDS, signal });
    } catch (error) {
      if (error instanceof ThreadOverrun) throw new UnreadableDocument(TOO_MUCH[error.of], { cause: error });
      throw error;
    }
  };
  const answer = before.then(work);
  before = answer.catch(() => undefined);
  return answer;
}

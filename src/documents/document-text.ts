import { Worker } from 'node:worker_threads';
import { MARKDOWN, TEXT } from '../files/media-types.js';

const READ_WITHIN_MS = 60_000;
/** A document can unpack to far more than it weighs; it ends its own thread, not the server. */
const MEGABYTES_MAX = 512;
/** Bytes aren't of the thread's heap, which alone its limit is for; so all that the process takes is looked at. */
const WATCH_EVERY_MS = 100;
/** As in the source where the tests run it, and as built. */
const READER = new URL(`./document-reader${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

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

/** In a thread of its own: a large document takes seconds, in which this one would answer nobody. */
async function readApart(bytes: Buffer, mediaType: string, signal: AbortSignal): Promise<string> {
  const worker = new Worker(READER, {
    workerData: { bytes, mediaType },
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const end = () => reject(signal.reason as Error);
  const tooLong = setTimeout(
    () => reject(new UnreadableDocument('The document takes too long to read.')),
    READ_WITHIN_MS,
  );
  const rssBefore = process.memoryUsage.rss();
  const watch = setInterval(() => {
    // Another that is read beside it may be to blame, so it is not this one's last try.
    const isTooMuch = process.memoryUsage.rss() - rssBefore > MEGABYTES_MAX * 1024 * 1024;
    if (isTooMuch) reject(new Error('The document takes too much memory to read'));
  }, WATCH_EVERY_MS);
  worker.once('message', (told: Told) => {
    if ('text' in told) resolve(told.text);
    else reject(new UnreadableDocument(told.problem));
  });
  worker.once('error', (error: NodeJS.ErrnoException) => {
    const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isTooLarge ? new UnreadableDocument('The document is too large to read.') : error);
  });
  worker.once('exit', (code) => reject(new Error(`The reader of documents ended with ${code}`)));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(tooLong);
    clearInterval(watch);
    signal.removeEventListener('abort', end);
    await worker.terminate();
  }
}

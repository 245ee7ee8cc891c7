import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const MEBIBYTE = 1024 * 1024;
/** The limit that Node keeps is for the heap alone, and bytes lie outside of it. */
const WATCH_EVERY_MS = 100;

export interface ThreadBounds {
  readonly withinMs: number;
  /** Of the thread's heap, and of its heap and its bytes together. */
  readonly megabytesMax: number;
  /** Ends it early; what is thrown then is the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A thread took more than it was given; it would take as much the next time. */
export class ThreadOverrun extends Error {
  constructor(readonly of: 'time' | 'memory') {
    super(`A thread took more ${of} than it was given`);
  }
}

/**
 * What a module says, run in a thread of its own: what takes seconds here holds up every request. The module takes its
 * input from `workerData` and posts one message.
 * @param thread its place: beside the module that asks, in the source as in `dist/`
 * @throws ThreadOverrun; any other error is the thread's own
 */
export async function answerOfThread<Answer>(thread: URL, input: object, bounds: ThreadBounds): Promise<Answer> {
  const { withinMs, megabytesMax, signal } = bounds;
  signal?.throwIfAborted();
  const worker = new Worker(thread, {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: megabytesMax },
  });
  const ended = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const end = () => reject(signal!.reason as Error);
  worker.once('message', resolve);
  worker.once('error', (error: NodeJS.ErrnoException) => {
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new ThreadOverrun('memory') : error);
  });
  worker.once('exit', (code) => reject(new Error(`The thread ${thread.href} ended with ${code}`)));
  const tooLong = setTimeout(() => reject(new ThreadOverrun('time')), withinMs);
  signal?.addEventListener('abort', end, { once: true });
  void watchMemory(worker, megabytesMax, ended.signal).catch(reject);
  try {
    return await promise;
  } finally {
    clearTimeout(tooLong);
    ended.abort();
    signal?.removeEventListener('abort', end);
    await worker.terminate();
  }
}

async function watchMemory(worker: Worker, megabytesMax: number, ended: AbortSignal): Promise<void> {
  for (;;) {
    await pause(WATCH_EVERY_MS, undefined, { ref: false });
    if (ended.aborted) return;
    // Rejected while the thread starts, and once it has ended, which its own events tell.
    const heap = await worker.getHeapStatistics().catch(() => ({ used_heap_size: 0, external_memory: 0 }));
    if (heap.used_heap_size + heap.external_memory > megabytesMax * MEBIBYTE) throw new ThreadOverrun('memory');
  }
}

/** The module beside another: TypeScript where the tests run it from the source. */
export function threadBeside(moduleUrl: string, name: string): URL {
  return new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl);
}

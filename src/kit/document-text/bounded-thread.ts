import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const MEBIBYTE = 1024 * 1024;
/** Node's own limit covers only the heap, not buffers. */
const WATCH_EVERY_MS = 100;

export interface ThreadBounds {
  readonly withinMs: number;
  /** Limits both the heap alone, and heap plus buffers. */
  readonly megabytesMax: number;
  /** Terminates the thread; the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A thread exceeded its limits. Retrying doesn't help. */
export class ThreadOverrun extends Error {
  constructor(readonly of: 'time' | 'memory') {
    super(`A thread took more ${of} than it was given`);
  }
}

/**
 * Runs a module in a worker thread, so that CPU-bound work doesn't block requests. The module reads `workerData` and
 * posts one message, which is the result.
 * @param thread URL of the module, from `threadBeside`
 * @throws ThreadOverrun, or the thread's own error
 */
export async function runInThread<Answer>(thread: URL, input: object, bounds: ThreadBounds): Promise<Answer> {
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
    // Rejects before the thread has started and after its end, which the worker's events report.
    const heap = await worker.getHeapStatistics().catch(() => ({ used_heap_size: 0, external_memory: 0 }));
    if (heap.used_heap_size + heap.external_memory > megabytesMax * MEBIBYTE) throw new ThreadOverrun('memory');
  }
}

/** Returns the URL of a sibling module: `.ts` if tests run the source, `.js` in `dist/`. */
export function threadBeside(moduleUrl: string, name: string): URL {
  return new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl);
}

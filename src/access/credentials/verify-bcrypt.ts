import { Worker } from 'node:worker_threads';

/** `.ts` if tests run the source, `.js` in `dist/`. */
const THREAD = new URL(`./bcrypt-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export function isBcrypt(hash: string): boolean {
  return hash.startsWith('$2');
}

/**
 * Compares a secret with a bcrypt hash, which only imported keys have until their first use. In a thread of its own, because
 * the library computes on the thread that calls it.
 */
export function verifyBcrypt(hash: string, secret: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, { workerData: { hash, secret } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The bcrypt thread ended without an answer')));
  });
}

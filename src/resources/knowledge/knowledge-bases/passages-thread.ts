// A thread of its own: what it imports of ours it imports with .ts, so that it also runs from the source.
import { parentPort, workerData } from 'node:worker_threads';
import { passagesOf } from './passages-of.ts';

const { text } = workerData as { text: string };
parentPort!.postMessage([...passagesOf(text)]);

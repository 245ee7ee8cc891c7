// Worker thread. It imports with .ts, so that tests can run the source.
import { parentPort, workerData } from 'node:worker_threads';
import { passagesOf } from './passages-of.ts';

const { text } = workerData as { text: string };
parentPort!.postMessage([...passagesOf(text)]);

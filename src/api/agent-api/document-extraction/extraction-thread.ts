// Entry point of a worker thread. Its value imports end in .ts, so that tests can run it from the source.
import { parentPort, workerData } from 'node:worker_threads';
import { extractFields } from './extract-fields.ts';
import type { FieldWanted } from './field-wanted.dto.js';

const { text, wanted } = workerData as { text: string; wanted: readonly FieldWanted[] };
parentPort!.postMessage(extractFields(text, wanted));

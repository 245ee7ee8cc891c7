// A thread of its own: what it imports of ours it imports with .ts, so that it also runs from the source.
import { parentPort, workerData } from 'node:worker_threads';
import { extractFields } from './extract-fields.ts';
import type { FieldWanted } from './field-wanted.dto.js';

const { text, wanted } = workerData as { text: string; wanted: readonly FieldWanted[] };
parentPort!.postMessage(extractFields(text, wanted));

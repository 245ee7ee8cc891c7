// Worker thread.
import { parentPort, workerData } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

const { secret, hash } = workerData as { readonly secret: string; readonly hash: string };
parentPort!.postMessage(compareSync(secret, hash));

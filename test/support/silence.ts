import { Worker } from 'node:worker_threads';

const EVERY_MS = 5;
/** Polls from a worker thread, so that work of the test is not measured. */
const PROBE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { Agent, get } = require('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let longest = 0;
  parentPort.on('message', () => { parentPort.postMessage(longest); longest = 0; });
  (function ask() {
    const start = performance.now();
    get(workerData.url, { agent }, (answer) => answer.resume().once('end', () => {
      longest = Math.max(longest, performance.now() - start);
      setTimeout(ask, workerData.everyMs);
    })).once('error', () => setTimeout(ask, workerData.everyMs));
  })();`;

/** The longest response time of `/healthz`, polled continuously. */
export class Silence {
  readonly #probe: Worker;

  constructor(url: string) {
    this.#probe = new Worker(PROBE, { eval: true, workerData: { url: `${url}/healthz`, everyMs: EVERY_MS } });
  }

  /** In ms, since the last call. */
  longest(): Promise<number> {
    return new Promise((resolve) => {
      this.#probe.once('message', resolve);
      this.#probe.postMessage('longest');
    });
  }

  async close(): Promise<void> {
    await this.#probe.terminate();
  }
}

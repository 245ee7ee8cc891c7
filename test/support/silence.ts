import { Worker } from 'node:worker_threads';

const EVERY_MS = 5;
/** Asks from a thread of its own, so that what the test does itself is not taken for the server's. */
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

/** The longest time that `/healthz` of a server takes to answer, asked again and again. */
export class Silence {
  readonly #probe: Worker;

  constructor(url: string) {
    this.#probe = new Worker(PROBE, { eval: true, workerData: { url: `${url}/healthz`, everyMs: EVERY_MS } });
  }

  /** Since it was last asked, in ms. */
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

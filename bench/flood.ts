import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The settings of the flooding client for one round. */
export interface FloodOrder {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** The number of client addresses in its X-Forwarded-For headers. */
  readonly addresses: number;
  readonly path: string;
}

export interface FloodReport {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** A client in a separate process that sends well-formed unknown keys, each once. */
export class Flood implements AsyncDisposable {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('flood-client.ts', import.meta.url)));

  async run(order: FloodOrder): Promise<FloodReport> {
    const answered = once(this.#child, 'message');
    this.#child.send(order);
    return (await answered)[0] as FloodReport;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the flooding client is told for one round. */
export interface FloodOrder {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** How many client addresses it says it comes from, as a proxy would. */
  readonly addresses: number;
  readonly path: string;
}

export interface FloodReport {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** A second client, in a process of its own, that sends keys which are well formed and unknown, never one twice. */
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

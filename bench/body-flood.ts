import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Clients in a separate process that send large JSON bodies without a credential. */
export class BodyFlood implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** The number of answers so far. */
  answered = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(url: string, clients: number): Promise<BodyFlood> {
    const program = fileURLToPath(new URL('body-flood-client.ts', import.meta.url));
    return new BodyFlood(fork(program, [url, String(clients)]));
  }

  go(): void {
    this.#child.send('go');
  }

  async stop(): Promise<void> {
    const stopped = once(this.#child, 'message');
    this.#child.send('stop');
    this.answered = (await stopped)[0] as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

import type { Duplex } from 'node:stream';

/** Enough to keep a Postgres that answers busy with starting sessions. */
const AT_ONCE_MAX = 4;

/**
 * Bounds how many connections a process opens at once. After a failover each place of each process needs a new one, and
 * Postgres starts sessions one after the other. If all ask at once, callers give up before their turn comes, Postgres
 * starts sessions whose clients are gone, and never catches up. So after a failure only one is opened at a time, and each
 * success allows one more.
 */
export class ConnectGate {
  #atOnce = AT_ONCE_MAX;
  #opening = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * Calls `connect` when it is this connection's turn.
   * @param stream destroyed by a caller that gives up
   */
  async pass<T>(stream: Duplex, connect: () => Promise<T>): Promise<T> {
    if (this.#opening < this.#atOnce) this.#opening++;
    else await this.#turn(stream);
    try {
      const connected = await connect();
      this.#atOnce = Math.min(AT_ONCE_MAX, this.#atOnce + 1);
      return connected;
    } catch (error) {
      this.#atOnce = 1;
      throw error;
    } finally {
      this.#opening--;
      this.#admit();
    }
  }

  #turn(stream: Duplex): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        stream.off('close', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(new Error('Connection terminated due to connection timeout'));
      };
      stream.once('close', giveUp);
      this.#waiting.push(begin);
    });
  }

  /** The newest first, because its caller waits the longest from now. */
  #admit(): void {
    while (this.#opening < this.#atOnce && this.#waiting.length > 0) {
      this.#opening++;
      this.#waiting.pop()!();
    }
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** One connection with one request at a time, to measure latency without load. */
export class Caller implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #host: string;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
  }

  static async open(url: string): Promise<Caller> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new Caller(socket, host);
  }

  /** @returns milliseconds until the whole response @throws Error for any status but 200 */
  async get(path: string, key: string): Promise<number> {
    const request = `GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let answer: Buffer = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      answer = answer.length === 0 ? bytes : Buffer.concat([answer, bytes]);
      if (isWhole(answer)) resolve();
    };
    this.#socket.on('data', onData).once('close', reject);
    const sentAt = performance.now();
    this.#socket.write(request);
    await promise;
    const took = performance.now() - sentAt;
    this.#socket.off('data', onData).off('close', reject);
    if (answer.toString('latin1', 9, 12) !== '200') throw new Error(`GET ${path}: ${answer.toString('utf8', 0, 300)}`);
    return took;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }
}

function isWhole(answer: Buffer): boolean {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, headEnd))?.[1];
  return answer.length >= headEnd + HEAD_END.length + Number(length);
}

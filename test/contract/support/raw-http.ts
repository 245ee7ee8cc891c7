import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { STEP_HANG_MS } from '../../support/hang.js';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; the last value of a repeated header. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method: string;
  /** Sent unchanged in the request line. */
  readonly target: string;
  /** Sent in this order, including repeated ones. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | string;
}

/**
 * Sends a request that HTTP clients would not send, and reads until the connection is closed.
 * @throws Error if the server doesn't answer and close in time
 */
export function sendRaw(url: string, { method, target, headers = [], body = '' }: RawRequest): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  const isFramed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: gatehouse.test',
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(isFramed || bytes.length === 0 ? [] : [`Content-Length: ${bytes.length}`]),
  ];
  return exchange(url, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]));
}

const EVENT_STREAM = /^HTTP\/1\.1 200 [^]*\r\ncontent-type: text\/event-stream/i;

/** Whether the text has all of an answer with a length. */
function isWhole(text: string): boolean {
  const { status, headers, body } = parseAnswer(text);
  return text.includes('\r\n\r\n') && status >= 200 && body.length >= Number(headers['content-length']);
}

/** Sends bytes and parses the answer. */
export async function exchange(url: string, bytes: Buffer | string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const chunks: Buffer[] = [];
  // Bytes sent after the server has closed may cause a reset.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('latin1');
    // A stream of events has no end.
    if (EVENT_STREAM.test(text)) socket.destroy();
    // As clients do. A server that left the body unread would wait for more of it.
    else if (isWhole(text)) socket.end();
  });
  socket.write(bytes);
  const signal = AbortSignal.timeout(STEP_HANG_MS);
  try {
    await once(socket, 'close', { signal });
  } catch {
    throw new Error(`No end of the answer within ${STEP_HANG_MS} ms; so far: ${Buffer.concat(chunks).toString()}`);
  } finally {
    socket.destroy();
  }
  return parseAnswer(Buffer.concat(chunks).toString('utf8'));
}

/** A connection for partial writes. */
export class RawConnection implements Disposable {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];

  private constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
  }

  static async open(url: string): Promise<RawConnection> {
    const connection = new RawConnection(url);
    await once(connection.#socket, 'connect');
    return connection;
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** Resolves once the operating system has accepted the bytes. */
  async writeAll(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve())),
    );
  }

  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  /** Waits for the next answer with a length, even if the request is incomplete. */
  async answer(): Promise<RawAnswer> {
    const signal = AbortSignal.timeout(STEP_HANG_MS);
    for (;;) {
      const text = Buffer.concat(this.#chunks).toString('utf8');
      const answer = parseAnswer(text);
      const length = Number(answer.headers['content-length'] ?? 0);
      if (text.includes('\r\n\r\n') && answer.body.length >= length) {
        this.#chunks.splice(0, this.#chunks.length, Buffer.from(answer.body.slice(length)));
        return { ...answer, body: answer.body.slice(0, length) };
      }
      await once(this.#socket, 'data', { signal });
    }
  }

  /** Waits until the server has ended its side. */
  async ended(): Promise<void> {
    if (!this.#socket.readableEnded) await once(this.#socket, 'end', { signal: AbortSignal.timeout(STEP_HANG_MS) });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? NaN), headers, body: text.slice(end + 4) };
}

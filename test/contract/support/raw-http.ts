import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names; of a repeated one the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method: string;
  /** As it goes into the request line: no client has looked at it. */
  readonly target: string;
  /** In this order, repeated ones too. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | string;
}

const ANSWER_WITHIN_MS = 8_000;

/**
 * Sends what no HTTP client would, and reads until the server closes.
 * @throws Error when it doesn't answer and close in time: that is a hang
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

/** Bytes in, what the server made of them out. */
export async function exchange(url: string, bytes: Buffer | string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const chunks: Buffer[] = [];
  // A server that has refused reads no further, so the rest of what is sent may well be reset.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    await once(socket, 'close', { signal });
  } catch {
    throw new Error(`No end of the answer within ${ANSWER_WITHIN_MS} ms; so far: ${Buffer.concat(chunks).toString()}`);
  } finally {
    socket.destroy();
  }
  return parseAnswer(Buffer.concat(chunks).toString('utf8'));
}

function parseAnswer(text: string): RawAnswer {
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

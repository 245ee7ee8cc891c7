import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { undocumentedOf } from './documented-answers.js';

export interface BurstRequest {
  readonly method?: string;
  readonly path: string;
  /** A list is sent as repeated headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface BurstAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** At most this many connections at a time, because the accept queue of the kernel is limited. */
const CONNECTED_AT_ONCE = 100;

/**
 * Sends all requests before the server can read the first, each on its own open connection. Returns the answers in
 * order. Asserts that each matches the API document.
 * @param greeting a request that is answered on each connection before, so that the server has accepted all of them;
 *   `/readyz` also opens its connections to the database
 */
export async function burst(
  url: string,
  requests: readonly BurstRequest[],
  greeting = '/healthz',
): Promise<BurstAnswer[]> {
  const texts = requests.map(textOf);
  const sockets = await openSockets(url, requests.length, greeting);
  // Synchronously, so that a server in this process runs only after all are written.
  sockets.forEach((socket, index) => socket.write(texts[index]!));
  const answers = await Promise.all(
    sockets.map(async (socket) => parseAnswer((await buffer(socket)).toString('utf8'))),
  );
  const problems = answers.flatMap((answer, index) => problemsOf(requests[index]!, answer));
  if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'));
  return answers;
}

function problemsOf({ method = 'GET', path }: BurstRequest, { status, headers, body }: BurstAnswer): string[] {
  return undocumentedOf({ method, target: path, status, headers: Object.fromEntries(headers), text: body });
}

/** Sends the same request many times. */
export function burstOf(url: string, count: number, request: BurstRequest, greeting?: string): Promise<BurstAnswer[]> {
  return burst(
    url,
    Array.from({ length: count }, () => request),
    greeting,
  );
}

/** The number of answers by status: `{ 200: 100, 429: 200 }`. */
export function statusCounts(answers: readonly BurstAnswer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The values of one window in a RateLimit header: `{ r: 99, t: 60 }`; NaN without it. */
export function rateLimitStanding({ headers }: BurstAnswer, window: string): { r: number; t: number } {
  const found = new RegExp(`"${window}";r=(\\d+);t=(\\d+)(,|$)`).exec(headers.get('ratelimit') ?? '');
  return { r: Number(found?.[1] ?? NaN), t: Number(found?.[2] ?? NaN) };
}

function textOf({ method = 'GET', path, headers = {}, body }: BurstRequest): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const described = json && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) };
  const fields = { Host: 'gatehouse.test', Connection: 'close', ...described, ...headers };
  const lines = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`));
  const head = [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(json)]);
}

function parseAnswer(text: string): BurstAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':', 1)[0]!, line.slice(line.indexOf(':') + 1)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}

async function openSockets(url: string, count: number, greeting: string): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const opening = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - sockets.length) }, () =>
      connect({ host: hostname, port: Number(port), noDelay: true }),
    );
    for (const socket of opening) socket.write(`GET ${greeting} HTTP/1.1\r\nHost: gatehouse.test\r\n\r\n`);
    await Promise.all(opening.map((socket) => once(socket, 'data')));
    sockets.push(...opening);
  }
  return sockets;
}

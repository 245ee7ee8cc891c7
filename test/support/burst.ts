import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface BurstRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface BurstAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The kernel's queue of connections that a server has not accepted yet is shorter than a burst. */
const CONNECTED_AT_ONCE = 100;

/** Sends all of them in one tick, each on a connection of its own that was opened before; answers in their order. */
export async function burst(url: string, requests: readonly BurstRequest[]): Promise<BurstAnswer[]> {
  const sockets = await openSockets(url, requests.length);
  return Promise.all(requests.map((request, index) => send(url, request, sockets[index]!)));
}

/** The same request, many times. */
export function burstOf(url: string, count: number, request: BurstRequest): Promise<BurstAnswer[]> {
  return burst(
    url,
    Array.from({ length: count }, () => request),
  );
}

/** How often each status was answered: `{ 200: 100, 429: 200 }`. */
export function statusCounts(answers: readonly BurstAnswer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function openSockets(url: string, count: number): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const opening = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - sockets.length) }, () =>
      connect({ host: hostname, port: Number(port), noDelay: true }),
    );
    await Promise.all(opening.map((socket) => once(socket, 'connect')));
    sockets.push(...opening);
  }
  return sockets;
}

async function send(
  url: string,
  { method = 'GET', path, headers, body }: BurstRequest,
  socket: Socket,
): Promise<BurstAnswer> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const request = httpRequest(new URL(path, url), {
    method,
    headers: { ...headers, ...(sent && { 'Content-Type': 'application/json' }), Connection: 'close' },
    createConnection: () => socket,
  });
  request.end(sent);
  const [answer] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
}

import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestOf,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy tells Gatehouse of the client's headers. The service doesn't get the credentials among them. */
const ASKED_HEADERS = ['authorization', 'x-api-key', 'x-api-secret', 'origin', 'referer'];
const CREDENTIALS = ASKED_HEADERS.slice(0, 3);
const REFUSED: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json; charset=utf-8',
  'Retry-After': '1',
};

/**
 * Starts a small service that checks nothing, and in front of it a proxy that asks Gatehouse about each request, as those of
 * docs/proxies do. Both end with the process.
 * @param gatehouse its URL
 * @returns the URL of the proxy
 */
export async function startGuardedService(gatehouse: string): Promise<string> {
  const service = await listen((request, response) => {
    const { 'x-gatehouse-org': org, 'x-gatehouse-key-name': key, 'x-gatehouse-scopes': scopes } = request.headers;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ service: 'billing', path: request.url, org, key, scopes }));
  });
  return listen((request, response) => {
    askAndPassOn(request, response, gatehouse, service).catch(() => {
      // Without a decision nothing passes.
      if (!response.headersSent) response.writeHead(503, REFUSED);
      response.end('{"statusCode":503,"message":"Access cannot be verified right now. Try again shortly."}');
    });
  });
}

async function askAndPassOn(
  request: IncomingMessage,
  response: ServerResponse,
  gatehouse: string,
  service: string,
): Promise<void> {
  const { method = '', url = '', headers, socket } = request;
  const asked = await fetch(`${gatehouse}/v1/forward-auth/billing`, {
    headers: {
      ...only(headers, (name) => ASKED_HEADERS.includes(name)),
      'X-Forwarded-Method': method,
      'X-Forwarded-Uri': url,
      'X-Forwarded-For': socket.remoteAddress ?? '',
    },
  });
  const answered = Object.fromEntries(asked.headers);
  if (asked.status !== 200) {
    response.writeHead(
      asked.status,
      only(answered, (name) => !['connection', 'keep-alive'].includes(name)),
    );
    response.end(await asked.text());
    return;
  }
  const own = only(headers, (name) => !name.startsWith('x-gatehouse-') && !CREDENTIALS.includes(name));
  const identity = only(answered, (name) => name.startsWith('x-gatehouse-'));
  const passedOn = requestOf(service + url, { method, headers: { ...own, ...identity } }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  passedOn.on('error', () => response.destroy());
  request.pipe(passedOn);
}

function only(headers: IncomingHttpHeaders, isWanted: (name: string) => boolean): Record<string, string> {
  const wanted = Object.entries(headers).filter(([name, value]) => isWanted(name) && value !== undefined);
  return Object.fromEntries(wanted.map(([name, value]) => [name, String(value)]));
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).unref();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

import { performance } from 'node:perf_hooks';
import type { WatchedServer } from './watched-server.ts';
import { type Asked, RARE } from './request-log-filler.ts';

/** How long a list of the request log takes, asked over HTTP. */
export interface Answered {
  readonly name: string;
  /** The number of requests on the page; undefined: it isn't a page. */
  readonly shown: number | undefined;
  /** Read from disk, as far as the system doesn't keep it. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

const LIST = '/manage/v1/requests';
const REPEATS = 9;

/** Each filter, with a value that many requests have and with one that few have. */
function pathsOf({ keyId }: Asked): string[] {
  const frequent: Readonly<Record<string, string>> = {
    api_key_id: keyId,
    client_address: '10.0.0.77',
    reason: 'rate_limited',
    route: '/route-7/{id}',
    service: 'bookings',
    status: '403',
    method: 'POST',
  };
  const of = (filters: Readonly<Record<string, string>>) =>
    Object.entries(filters).map(([name, value]) => `${LIST}?${name}=${encodeURIComponent(value)}`);
  return [
    LIST,
    ...of(frequent),
    ...of(RARE),
    `${LIST}?status=4xx`,
    `${LIST}?status=5xx`,
    `${LIST}?outcome=allowed`,
    `${LIST}?outcome=denied`,
    `${LIST}?request_id=none`,
    `${LIST}?from=${daysAgo(20)}&to=${daysAgo(20)}`,
    `${LIST}?route=${encodeURIComponent('/route-7/{id}')}&status=5xx&method=POST`,
    `${LIST}?method=DELETE&outcome=denied`,
    `${LIST}/facets`,
    '/partner/v1/requests',
    '/partner/v1/requests?status=403',
    `/partner/v1/requests?method=${RARE.method}`,
    '/operator/v1/requests',
    '/operator/v1/requests?outcome=server_error',
    `/operator/v1/requests?client_address=${RARE.client_address}`,
  ];
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

export async function timeRequestLog(server: WatchedServer, asked: Asked): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const path of pathsOf(asked)) answered.push(await time(server, path));
  return answered;
}

async function time(server: WatchedServer, path: string): Promise<Answered> {
  const times: number[] = [];
  let shown: number | undefined;
  for (let count = 0; count < REPEATS; count++) {
    const startMs = performance.now();
    const { items } = (await server.read(path)) as { items?: unknown[] };
    times.push(performance.now() - startMs);
    shown = items?.length;
  }
  const [firstMs, ...others] = times;
  others.sort((one, other) => one - other);
  return { name: path, shown, firstMs: firstMs!, medianMs: others[others.length >> 1]!, slowestMs: others.at(-1)! };
}

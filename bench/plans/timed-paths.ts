import { performance } from 'node:perf_hooks';
import { type Asked, RARE } from './request-log-filler.ts';
import { madeKeyId, RARE_ACTION } from './usage-filler.ts';
import type { WatchedServer } from './watched-server.ts';

/** How long a request takes, asked over HTTP. */
export interface Answered {
  readonly name: string;
  /** The number of rows on the page; undefined: it isn't a page. */
  readonly shown: number | undefined;
  /** Read from disk, as far as the system doesn't keep it. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** How many of the repeated requests were answered with an error, such as a 503 for a statement that took too long. */
  readonly failed: number;
  /** The run fails if the median is over it. */
  readonly maxMs: number;
}

interface TimedPath {
  readonly path: string;
  readonly maxMs: number;
}

const LIST = '/manage/v1/requests';
const REPEATS = 9;
const PAGE_MS_MAX = 200;
/** One answer for all 10,000 keys of an org, or a sum over 30 days of each. */
const WHOLE_MS_MAX = 3_000;

/** Each filter of the request log, with a value that many requests have and with one that few have. */
function requestPaths({ keyId }: Asked): string[] {
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
    `/manage/v1/api-keys/${keyId}/requests`,
    '/partner/v1/requests',
    '/partner/v1/requests?status=403',
    `/partner/v1/requests?method=${RARE.method}`,
    '/operator/v1/requests',
    '/operator/v1/requests?outcome=server_error',
    `/operator/v1/requests?client_address=${RARE.client_address}`,
  ];
}

/** Keys with their usage. */
function keyPaths({ keyId }: Asked): string[] {
  const fifty = Array.from({ length: 50 }, (_, index) => madeKeyId(1 + index * 7)).join();
  return [
    '/manage/v1/api-keys',
    `/manage/v1/api-keys/usage?ids=${fifty}`,
    `/manage/v1/api-keys/${keyId}/usage`,
    `/manage/v1/api-keys/${keyId}/health`,
  ];
}

/** Answers about all keys of the org, and sums over them. */
function wholePaths({ orgId }: Asked): string[] {
  return [
    `/partner/v1/orgs/${orgId}/api-keys`,
    '/manage/v1/api-keys/overview',
    '/analytics/usage',
    `/analytics/overview?from=${daysAgo(29)}&to=${daysAgo(0)}`,
  ];
}

/** The sums of a key, and the audit. */
function auditPaths({ keyId }: Asked): string[] {
  return [
    `${LIST}/summary?api_key_id=${keyId}`,
    `${LIST}/summary?api_key_id=${keyId}&from=${daysAgo(29)}`,
    '/manage/v1/audit',
    `/manage/v1/audit?actor_id=00000000-0000-7000-8005-000000000007`,
    '/manage/v1/audit?actor_type=user',
    '/manage/v1/audit?actor_type=operator',
    '/manage/v1/audit?action=api_key.revoked',
    `/manage/v1/audit?action=${RARE_ACTION}`,
    `/manage/v1/audit?api_key_id=${madeKeyId(77)}`,
    `/manage/v1/audit?from=${daysAgo(20)}&to=${daysAgo(20)}`,
    '/manage/v1/audit/actors',
  ];
}

const SUMMARIES = [`${LIST}/summary`, `${LIST}/summary?from=${daysAgo(29)}`];

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** Asks for each list and filter of the request log, of usage and of the audit. */
export async function timePaths(server: WatchedServer, asked: Asked): Promise<Answered[]> {
  const pages = [...requestPaths(asked), ...keyPaths(asked), ...auditPaths(asked)];
  return timeAll(server, pages, [...wholePaths(asked), ...SUMMARIES]);
}

/** Asks for the keys of the org and their usage. */
export async function timeKeyPaths(server: WatchedServer, asked: Asked): Promise<Answered[]> {
  return timeAll(server, keyPaths(asked), wholePaths(asked));
}

async function timeAll(server: WatchedServer, pages: string[], wholes: string[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const path of pages) answered.push(await time(server, { path, maxMs: PAGE_MS_MAX }));
  for (const path of wholes) answered.push(await time(server, { path, maxMs: WHOLE_MS_MAX }));
  return answered;
}

async function time(server: WatchedServer, { path, maxMs }: TimedPath): Promise<Answered> {
  const times: number[] = [];
  let shown: number | undefined;
  let failed = 0;
  for (let count = 0; count < REPEATS; count++) {
    const startMs = performance.now();
    const body = (await server.read(path).catch(() => undefined)) as { items?: unknown[] } | undefined;
    times.push(performance.now() - startMs);
    if (body === undefined) failed++;
    shown = body?.items?.length;
  }
  const [firstMs, ...others] = times;
  others.sort((one, other) => one - other);
  const medianMs = others[others.length >> 1]!;
  // Ids differ in each run, and make the page wide.
  const name = path.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[\w-]{22}(?:,[\w,-]+)?/g, '…');
  return { name, shown, firstMs: firstMs!, medianMs, slowestMs: others.at(-1)!, failed, maxMs };
}

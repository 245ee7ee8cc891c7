import type { Page, Wire } from '../../core/wire/wire-json.js';
import { BYTE_ORDER_MARK, csvLine } from '../../kit/audit/csv-line.js';
import type { RequestView } from './request-view.dto.js';

const TITLES = [
  ...['id', 'at', 'request_id', 'method', 'route', 'service', 'status', 'outcome', 'code'],
  ...['guard', 'reason', 'message', 'key_id', 'key_name', 'masked_key', 'credential_id', 'org_id'],
  ...['client_address', 'country', 'user_agent', 'duration_ms', 'weight'],
];

type Requests = Page<Wire<RequestView>>;

/** @param read the page after a cursor */
export async function* csvOf(first: Requests, read: (cursor: string) => Promise<Requests>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(TITLES) + first.items.map(lineOf).join('');
  for (let { next } = first; next !== null;) {
    const page = await read(next);
    // A page can be empty and have a next one.
    if (page.items.length > 0) yield page.items.map(lineOf).join('');
    ({ next } = page);
  }
}

function lineOf(request: Wire<RequestView>): string {
  const { id, at, request_id, method, route, service, status, outcome, code, refusal, key } = request;
  const { org_id, client_address, country, user_agent, duration_ms, weight } = request;
  return csvLine([
    ...[id, at, request_id, method, route, service, String(status), outcome, code],
    ...[refusal?.guard, refusal?.reason, refusal?.message].map((cell) => cell ?? null),
    ...[key?.id, key?.name, key?.masked_key, key?.credential_id].map((cell) => cell ?? null),
    ...[org_id, client_address, country, user_agent, String(duration_ms), String(weight)],
  ]);
}

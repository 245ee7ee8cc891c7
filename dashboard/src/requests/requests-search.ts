/** The filters of the requests in the URL. */
export interface RequestsSearch {
  readonly key?: string;
  readonly outcome?: 'allowed' | 'denied' | 'client_error' | 'server_error';
  /** 403, or `4xx`. */
  readonly status?: number | string;
  readonly reason?: string;
  readonly route?: string;
  readonly method?: string;
  readonly service?: string;
  readonly address?: string;
  /** The id from the client's log. */
  readonly request?: string;
  /** The last days; a day if absent. */
  readonly days?: 7 | 30;
  /** An ISO 8601 instant, as is `to`. Both replace the days. */
  readonly from?: string;
  readonly to?: string;
  /** The row in the drawer. */
  readonly open?: string;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const ID = /^[0-9a-f-]{36}$/;
const WORD = /^[\w-]{1,64}$/;
const RULES: Readonly<Record<keyof RequestsSearch, RegExp>> = {
  key: ID,
  outcome: /^(allowed|denied|(client|server)_error)$/,
  status: /^[1-5](\d\d|xx)$/,
  reason: WORD,
  route: /^\/.{0,500}$/,
  method: /^[A-Z]{3,7}$/,
  service: WORD,
  address: /^[\da-f.:]{2,45}$/i,
  request: WORD,
  days: /^(7|30)$/,
  from: INSTANT,
  to: INSTANT,
  open: ID,
};

export function validateRequestsSearch(search: Record<string, unknown>): RequestsSearch {
  const good = Object.entries(RULES).filter(([name, rule]) => rule.test(String(search[name] ?? '')));
  return Object.fromEntries(good.map(([name]) => [name, search[name]]));
}

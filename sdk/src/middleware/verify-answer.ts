/** Who called, as `POST /v1/verify` answers it. */
export interface GatehousePrincipal {
  /** Null on a public route. */
  readonly key: GatehouseKey | null;
  readonly org: { readonly id: string; readonly external_id: string | null } | null;
  readonly partner: { readonly id: string; readonly name: string | null } | null;
  readonly scopes: readonly string[];
  readonly rate_limit: readonly RateLimitStanding[];
  /** The request id in the logs of Gatehouse, for support. */
  readonly request_id: string;
}

export interface GatehouseKey {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** What its managers attached to it. Absent from the answers of older servers. */
  readonly external_id?: string | null;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RateLimitStanding {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  readonly reset_seconds: number;
}

export type ResponseHeaders = Readonly<Record<string, string>>;

/** What the client gets instead of an answer of the app. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
}

/** The verdict on a request. The headers are for its response either way. */
export type Decision = { readonly headers: ResponseHeaders } & (
  | { readonly principal: GatehousePrincipal; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly principal?: undefined }
);

type Fields = Readonly<Record<string, unknown>>;

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What Node sends without an error. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws TypeError for anything but a complete answer: only that may let a request through */
export function decisionOf(answer: unknown): Decision {
  if (isObject(answer) && isResponseHeaders(answer['headers'])) {
    const { headers, status, body } = answer;
    if (answer['valid'] === true && answer['code'] === 'valid' && isPrincipal(answer)) {
      const { key, org, partner, scopes, rate_limit, request_id } = answer;
      return { principal: { key, org, partner, scopes, rate_limit, request_id }, headers };
    }
    if (answer['valid'] === false && isRefusalStatus(status) && isObject(body)) {
      return { refusal: { status, body }, headers };
    }
  }
  throw new TypeError('The answer of Gatehouse is malformed.');
}

function isPrincipal(answer: Fields): answer is Fields & GatehousePrincipal {
  const { key, org, partner, scopes, rate_limit, request_id } = answer;
  return (
    [key, org, partner].every((each) => each === null || (isObject(each) && typeof each['id'] === 'string')) &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    Array.isArray(rate_limit) &&
    typeof request_id === 'string'
  );
}

function isRefusalStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
}

function isResponseHeaders(value: unknown): value is ResponseHeaders {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, text]) => HEADER_NAME.test(name) && typeof text === 'string' && HEADER_VALUE.test(text),
    )
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

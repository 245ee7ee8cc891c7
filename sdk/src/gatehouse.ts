import createClient, { type Client, type MaybeOptionalInit } from 'openapi-fetch';
import type { PathsWithMethod, RequiredKeysOf, ResponseObjectMap, SuccessResponse } from 'openapi-typescript-helpers';
import { serializedBody, type WithForm } from './forms.js';
import { GatehouseError } from './gatehouse-error.js';
import { retrying } from './retries.js';
import type { paths } from './schema.js';

/** The credential of the caller. */
export type Credential =
  /** A partner key, an org key or an event key, or a key with its `secret`. */
  | { readonly key: string; readonly secret?: string; readonly session?: never }
  /** Uses the session cookie of the browser, on pages of the server. */
  | { readonly session: true; readonly key?: never; readonly secret?: never }
  /** No credential, for public routes. */
  | { readonly key?: never; readonly secret?: never; readonly session?: never };

export type GatehouseOptions = Credential & {
  /** The URL of the server, such as `https://api.example.com`. */
  readonly url: string;
  /** The maximum number of retries after a 429 or 503. Default 3; 0 disables retries. */
  readonly retriesMax?: number;
  /** The longest Retry-After to wait for, in seconds. Default 60. */
  readonly waitSecondsMax?: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** The response body of an operation; undefined without one. */
type Answer<Operation> = [SuccessResponse<ResponseObjectMap<Operation> & object>] extends [never]
  ? undefined
  : SuccessResponse<ResponseObjectMap<Operation> & object>;
/** The parameters and the body of an operation; optional if none is required. */
type Init<Path extends keyof paths, Verb extends Method> =
  RequiredKeysOf<MaybeOptionalInit<paths[Path], Verb>> extends never
    ? [init?: WithForm<MaybeOptionalInit<paths[Path], Verb>>]
    : [init: WithForm<MaybeOptionalInit<paths[Path], Verb>>];
type Call<Verb extends Method> = <Path extends PathsWithMethod<paths, Verb>>(
  path: Path,
  ...init: Init<Path, Verb>
) => Promise<Answer<paths[Path][Verb]>>;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
type ListPath = {
  [Path in PathsWithMethod<paths, 'get'>]: Answer<paths[Path]['get']> extends Page<unknown> ? Path : never;
}[PathsWithMethod<paths, 'get'>];
type ItemOf<Path extends ListPath> = Answer<paths[Path]['get']> extends Page<infer Item> ? Item : never;

/** A typed client of the API. Error responses are thrown as `GatehouseError`. */
export class Gatehouse {
  readonly get: Call<'get'> = this.#call('get');
  readonly post: Call<'post'> = this.#call('post');
  readonly put: Call<'put'> = this.#call('put');
  readonly patch: Call<'patch'> = this.#call('patch');
  readonly delete: Call<'delete'> = this.#call('delete');
  readonly #client: Client<paths>;

  constructor({ url, retriesMax = 3, waitSecondsMax = 60, fetch, ...credential }: GatehouseOptions) {
    this.#client = createClient<paths>({
      baseUrl: url,
      headers: headersOf(credential),
      // The API never redirects, and a key must not reach another host.
      redirect: 'error',
      pathSerializer: pathOf,
      bodySerializer: serializedBody,
      fetch: retrying(fetch ?? ((request) => globalThis.fetch(request)), { retriesMax, waitSecondsMax }),
    });
    this.#client.use({
      async onResponse({ response }) {
        if (!response.ok) throw await GatehouseError.from(response);
      },
    });
  }

  /** Iterates over all items of a list, loading pages on demand. @example for await (const contact of api.each('/contacts')) */
  async *each<Path extends ListPath>(
    path: Path,
    ...init: Init<Path, 'get'>
  ): AsyncGenerator<ItemOf<Path>, void, undefined> {
    const [options] = init as [{ readonly params?: { readonly query?: object } }?];
    const getPage = this.get as unknown as (path: Path, options: object) => Promise<Page<ItemOf<Path>>>;
    let cursor: string | undefined;
    do {
      const query = { ...options?.params?.query, ...(cursor === undefined ? {} : { cursor }) };
      const { items, next } = await getPage(path, { ...options, params: { ...options?.params, query } });
      yield* items;
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  }

  #call<Verb extends Method>(method: Verb): Call<Verb> {
    const call = async (path: string, init?: object): Promise<unknown> => {
      const request = this.#client.request as (verb: Method, path: string, init?: object) => Promise<{ data: unknown }>;
      return (await request(method, path, init)).data;
    };
    return call as unknown as Call<Verb>;
  }
}

/** Parameters with a new Idempotency-Key, so that a retried request has one effect. @example params: { ...once() } */
export function once(): { readonly header: { readonly 'Idempotency-Key': string } } {
  return { header: { 'Idempotency-Key': crypto.randomUUID() } };
}

function headersOf({ key, secret, session }: Credential): Record<string, string> {
  if (session) return { 'X-Requested-With': 'gatehouse' };
  if (key === undefined) return {};
  return secret === undefined ? { Authorization: `Bearer ${key}` } : { 'X-API-Key': key, 'X-API-Secret': secret };
}

/** @throws TypeError for a value that would lead to another route */
function pathOf(template: string, values: Record<string, unknown>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '');
    if (['', '.', '..'].includes(value)) throw new TypeError(`${name} can't be ${JSON.stringify(value)} in a path`);
    return encodeURIComponent(value);
  });
}

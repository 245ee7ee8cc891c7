import type { MintedKey } from '../api/keys';
import type { FirstCall } from '../services/first-call';

export interface Trial {
  readonly isAllowed: boolean;
  readonly message: string;
}

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/**
 * Whether the page can send requests with the key: a key for pages of other origins is refused here.
 * The browser doesn't let a page choose its origin.
 */
export function canTry({ key }: MintedKey): boolean {
  return key.allowed_origins.length === 0;
}

/** The request that `tryKey` makes, in words. */
export function trialWords(call: FirstCall | undefined): string {
  return call ? `asks whether ${call.service.label} would allow ${call.method} ${call.path}` : 'sends GET /whoami';
}

/**
 * Makes a request with the key itself instead of the session. A service has another origin, which the page can't call;
 * the server is asked for its verdict instead.
 */
export async function tryKey(
  minted: MintedKey,
  call: FirstCall | undefined,
  send: Fetch = (path, init) => fetch(path, init),
): Promise<Trial> {
  const headers = new Headers(credentialHeaders(minted));
  const init: RequestInit = { headers, credentials: 'omit', cache: 'no-store', redirect: 'error' };
  if (call === undefined) {
    const answer = await send('/whoami', init);
    if (answer.ok) return { isAllowed: true, message: `GET /whoami answered ${answer.status}.` };
    return { isAllowed: false, message: await problemOf(answer) };
  }
  headers.set('Content-Type', 'application/json');
  const question = { service: call.service.service, method: call.method, path: call.path };
  const answer = await send('/whoami/check', { ...init, method: 'POST', body: JSON.stringify(question) });
  if (!answer.ok) return { isAllowed: false, message: await problemOf(answer) };
  const { allowed, message } = (await answer.json()) as { readonly allowed: boolean; readonly message: string };
  if (!allowed) return { isAllowed: false, message };
  return { isAllowed: true, message: `${call.service.label} allows ${call.method} ${call.path}.` };
}

function credentialHeaders({ token, secret }: MintedKey): Record<string, string> {
  return secret === undefined ? { Authorization: `Bearer ${token}` } : { 'X-API-Key': token, 'X-API-Secret': secret };
}

/** The message of an error response, which names its status. */
async function problemOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as { readonly message?: unknown } | null;
  const message = typeof body?.message === 'string' ? body.message : 'The response has no message.';
  return `The server answered ${answer.status}: ${message}`;
}

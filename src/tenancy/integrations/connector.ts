/** The provider's answer about credentials; `failed`: neither accepted nor rejected. */
export type Verdict = 'accepted' | 'rejected' | 'failed';

/** A request under the connector's base URL. */
export interface LiveCheck {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON, by POST; without it the check is a GET. */
  readonly body?: object;
}

/** A provider: the credentials that it takes, and the request that checks them. */
export interface Connector<Credentials extends object = object> {
  /** The name in requests and in the database. */
  readonly key: string;
  /** A class with a field per credential, and its rules. */
  readonly credentials: new () => Credentials;
  /** `{shop}` is replaced by that field, whose rules allow a plain name only. */
  readonly baseUrl: string;
  /** The cheapest documented call that requires valid credentials. */
  check(credentials: Credentials): LiveCheck;
  /** Statuses that mean invalid credentials, not a failure of the provider. */
  readonly rejectedBy: readonly number[];
  /** Interprets a 200. @param answer the JSON; undefined if it isn't JSON */
  checkAnswer(answer: unknown): Verdict;
}

/** Checks the types of a connector, then erases them. */
export function defineConnector<Credentials extends object>(connector: Connector<Credentials>): Connector {
  return connector as unknown as Connector;
}

/** A field of unchecked JSON; undefined if it is missing. */
export function fieldOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;
}

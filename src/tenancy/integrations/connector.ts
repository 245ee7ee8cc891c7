/** What a provider says of the credentials: let in, turned away, or neither. */
export type Verdict = 'accepted' | 'rejected' | 'failed';

/** A request under the connector's base URL. */
export interface LiveCheck {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON, by POST; without it the check is a GET. */
  readonly body?: object;
}

/** One provider: what it needs to be let in, and how to find out whether it lets in. */
export interface Connector<Credentials extends object = object> {
  /** Its name in requests, and in the database. */
  readonly key: string;
  /** A field each, with its rules. */
  readonly credentials: new () => Credentials;
  /** `{shop}` stands for that field, whose rules keep it from being more than a name. */
  readonly baseUrl: string;
  /** The cheapest call that only the right credentials pass, as the provider documents it. */
  check(credentials: Credentials): LiveCheck;
  /** Statuses that mean the credentials, and not the provider's own trouble. */
  readonly rejectedBy: readonly number[];
  /** What a 200 says. @param answer its JSON; undefined when it isn't any */
  judge(answer: unknown): Verdict;
}

/** Binds a connector's fields to its check; from there on it is one of many. */
export function defineConnector<Credentials extends object>(connector: Connector<Credentials>): Connector {
  return connector as unknown as Connector;
}

/** One step into JSON that nobody has checked; undefined where there is nothing. */
export function fieldOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;
}

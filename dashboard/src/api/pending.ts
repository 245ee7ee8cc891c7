import { api } from './client';

interface Init {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, string>>;
  };
  readonly body?: object;
  readonly signal?: AbortSignal;
}
type Call = <Answer>(path: string, init?: Init) => Promise<Answer>;

/** The client for routes that the generated types don't have yet. */
export const pending = api as unknown as Readonly<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Call>>;

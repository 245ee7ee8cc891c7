import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** There is nothing under the name, or it can't be one. */
const IS_EMPTY = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Looks up TXT records. */
export class DnsTexts {
  readonly #resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  /** @param servers instead of the system's */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.#resolver.setServers(servers);
  }

  /** The texts under a name, each whole. @throws Error when there is no answer */
  async lookUp(name: string): Promise<string[]> {
    try {
      return (await this.#resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (IS_EMPTY.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  }
}

import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** The name has no records or is invalid. */
const IS_EMPTY = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

export class DnsTexts {
  readonly #resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  /** @param servers DNS servers; the system's if empty */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.#resolver.setServers(servers);
  }

  /** Returns the TXT records of a name, with their chunks joined. @throws Error if DNS doesn't answer */
  async lookUp(name: string): Promise<string[]> {
    try {
      return (await this.#resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (IS_EMPTY.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  }
}

/**
 * Hosts that may be dialled whatever their address is, and without TLS: sandboxes, and the stub servers of tests.
 * Everybody else has to be public, and https.
 */
export class AllowedHosts {
  readonly #entries: ReadonlySet<string>;

  /** @param entries `sandbox.internal` for all of its ports, or `127.0.0.1:4010` for one */
  constructor(entries: readonly string[]) {
    this.#entries = new Set(entries);
  }

  has({ hostname, port, protocol }: URL): boolean {
    const standardPort = { 'http:': '80', 'https:': '443' }[protocol];
    if (standardPort === undefined) return false;
    return this.#entries.has(hostname) || this.#entries.has(`${hostname}:${port || standardPort}`);
  }
}

/**
 * Hosts that outbound requests may reach at private addresses and without TLS, such as sandboxes and stub servers of
 * tests. All other hosts must be public and use HTTPS.
 */
export class AllowedHosts {
  readonly #entries: ReadonlySet<string>;

  /** @param entries `sandbox.internal` for all ports, or `127.0.0.1:4010` for one */
  constructor(entries: readonly string[]) {
    this.#entries = new Set(entries);
  }

  has({ hostname, port, protocol }: URL): boolean {
    const standardPort = { 'http:': '80', 'https:': '443' }[protocol];
    if (standardPort === undefined) return false;
    return this.#entries.has(hostname) || this.#entries.has(`${hostname}:${port || standardPort}`);
  }
}

/** The pages of hosts other than the server's own. Implemented by `resources/knowledge/help-center/`. */
export abstract class HostPages {
  /** @param host as in the request, with its port @returns the path of its first page; undefined: it has none */
  abstract homeOf(host: string): Promise<string | undefined>;
}

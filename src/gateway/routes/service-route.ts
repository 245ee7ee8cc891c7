/** What requests of some methods and paths need. */
export interface ServiceRoute {
  /** Upper case. */
  readonly methods: readonly string[];
  /** A template such as `/invoices/{id}`. `*` is one segment, `**` at the end zero or more. */
  readonly path: string;
  /** A scope, `any-key` or `public`. */
  readonly needs: string;
  /** Why the route is public; required with `public`. */
  readonly reason?: string;
}

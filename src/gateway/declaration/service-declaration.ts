import type { ServiceRoute } from '../routes/service-route.js';

export type { ServiceRoute };

/** What an operator declares about a service: its scopes, and what its routes need. */
export interface ServiceDeclaration {
  /** The slug. */
  readonly service: string;
  readonly label: string;
  /** Empty if the document has none. */
  readonly description: string;
  /** Where clients reach the service, without a slash at its end. Shown only. */
  readonly url?: string;
  /** Whether full access given before the service existed covers it. */
  readonly full_access: 'existing' | 'all';
  /** In document order. */
  readonly resources: readonly ServiceResource[];
  /** In document order, which has no effect on matching. */
  readonly routes: readonly ServiceRoute[];
}

/** A resource with scopes; each scope is `name:action`. */
export interface ServiceResource {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly actions: readonly string[];
}

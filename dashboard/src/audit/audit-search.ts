/** The filters of the audit in the URL. */
export interface AuditSearch {
  readonly action?: string;
  /** An id, or the type of an actor without an id. */
  readonly actor?: string;
  readonly key?: string;
  /** A day (`YYYY-MM-DD`), as is `to`. */
  readonly from?: string;
  readonly to?: string;
}

const RULES: Readonly<Record<keyof AuditSearch, RegExp>> = {
  action: /^[a-z_]+\.[a-z_]+$/,
  actor: /^([0-9a-f-]{36}|operator|system)$/,
  key: /^[0-9a-f-]{36}$/,
  from: /^\d{4}-\d{2}-\d{2}$/,
  to: /^\d{4}-\d{2}-\d{2}$/,
};

export function validateAuditSearch(search: Record<string, unknown>): AuditSearch {
  const good = Object.entries(RULES).filter(([name, rule]) => rule.test(String(search[name] ?? '')));
  return Object.fromEntries(good.map(([name]) => [name, search[name]]));
}

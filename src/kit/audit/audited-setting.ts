/** How the audit describes one kind of setting. */
export interface AuditedSetting {
  /** Target type and prefix of the actions: `team` gives `team.created`. */
  readonly type: string;
  /** Fields to name the target by; the first non-empty one is used. Default: `name`. */
  readonly calledBy?: readonly string[];
  /** Reduces values of fields that can hold credentials or whole documents. */
  readonly shownAs?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Encrypted columns. The audit records only that the value was replaced. */
  readonly sealed?: readonly string[];
}

/** For `shownAs`: records that a value exists, but not the value. */
export function withheld(): string {
  return '(not kept)';
}

/** For `shownAs`: keeps the origin of a URL, because its path or query can contain a credential. */
export function originOf(url: unknown): string {
  return URL.parse(String(url))?.origin ?? withheld();
}

/** How a kind of setting is audited. */
export interface AuditedSetting {
  /** Of its target, and the start of its actions: `team` gives `team.created`. */
  readonly type: string;
  /** Fields that its target is called by; the first that has a text. `name` by default. */
  readonly calledBy?: readonly string[];
  /** For fields that may hold credentials, or whole documents: what the audit keeps of a value. */
  readonly shownAs?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Sealed columns: the audit says that their value was replaced. */
  readonly sealed?: readonly string[];
}

/** For `shownAs`: that there is a value, and nothing of it. */
export function withheld(): string {
  return '(not kept)';
}

/** For `shownAs`: of a URL its origin, because its path or query may be a credential. */
export function originOf(url: unknown): string {
  return URL.parse(String(url))?.origin ?? withheld();
}

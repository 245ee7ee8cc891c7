export interface KeyNoticeResult {
  /** Such as `api_key.expiring`. */
  readonly event: string;
  /** An event in the audit, or what became of a notice by mail. */
  readonly result: 'recorded' | 'mailed' | 'skipped';
  readonly count: number;
}

/** Counts the notices of this process, for `/metrics`. Implemented by `insight/key-notices/`. */
export abstract class KeyNoticeResults {
  abstract read(): readonly KeyNoticeResult[];
}

export interface AuditExportState {
  /** Its URL without secrets. */
  readonly sink: string;
  /** Every entry that is older has been delivered. */
  readonly lagSeconds: number;
  readonly failingSince: Date | null;
  readonly error: string | null;
}

/** How far the export of the audit is, for `/metrics`. Implemented by `kit/audit/export/`. */
export abstract class AuditExportStates {
  /** One per configured sink that a server has begun with. */
  abstract read(): Promise<readonly AuditExportState[]>;
}

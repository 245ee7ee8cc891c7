import type { OcsfEvent } from './ocsf-event.js';

/** Entries on their way to a sink. A repeat has the same number, time and lines. */
export interface ExportBatch {
  readonly number: number;
  readonly plannedAt: Date;
  readonly lines: readonly ExportLine[];
}

export interface ExportLine {
  readonly event: OcsfEvent;
  /** The event as one line of JSON, without a line break. */
  readonly json: string;
}

/** A receiver of the audit outside. */
export interface ExportSink {
  /** Its URL without a password. The cursor is stored under it. */
  readonly name: string;
  /**
   * Resolves once the receiver has taken the whole batch.
   * @throws Error if it has not, or possibly not
   */
  send(batch: ExportBatch, signal: AbortSignal): Promise<void>;
}

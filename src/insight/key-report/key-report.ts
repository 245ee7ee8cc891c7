import type { KeyFinding } from '../health/key-findings.js';

/** The active keys of an org, for its Owners. Counts are of the last 7 days. */
export interface KeyReport {
  readonly org: string;
  readonly keys: number;
  readonly requests: number;
  /** The subset that was denied. */
  readonly denied: number;
  /** Most urgent first. */
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding {
  readonly code: KeyFinding;
  /** How many keys have it. */
  readonly keys: number;
  /** Some of them, those with most requests first. */
  readonly examples: readonly { readonly id: string; readonly name: string }[];
}

/** What an active key's settings and usage call for, most urgent first. */
export const KEY_FINDINGS = [
  'exposed',
  'mostly_denied',
  'near_limit',
  'old_credential_in_use',
  'expiring',
  'wider_than_used',
  'full_access',
  'never_used',
  'idle_90',
  'idle_30',
  'never_expires',
] as const;
export type KeyFinding = (typeof KEY_FINDINGS)[number];

export const SEVERITIES = ['warning', 'notice'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Findings that break callers, now or soon, or let strangers in. */
const WARNINGS: ReadonlySet<KeyFinding> = new Set([
  'exposed',
  'mostly_denied',
  'near_limit',
  'old_credential_in_use',
  'expiring',
]);

export function isWarning(finding: KeyFinding): boolean {
  return WARNINGS.has(finding);
}

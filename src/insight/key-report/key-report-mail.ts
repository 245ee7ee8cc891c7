import { escapeHtml } from '../../core/wire/escape-html.js';
import { counted, percent } from '../health/health-words.js';
import { isWarning, type KeyFinding } from '../health/key-findings.js';
import type { KeyReport, ReportedFinding } from './key-report.js';

/** After "1 key" or "2 keys". */
const WORDS: Readonly<Record<KeyFinding, readonly [one: string, several: string]>> = {
  exposed: ['was found in public and still works', 'were found in public and still work'],
  mostly_denied: ['is mostly denied', 'are mostly denied'],
  near_limit: ['is near its rate limit', 'are near their rate limit'],
  old_credential_in_use: [
    'was rotated, and its old key is still in use',
    'were rotated, and their old keys are still in use',
  ],
  expiring: ['expires within two weeks', 'expire within two weeks'],
  wider_than_used: ['has scopes that it does not use', 'have scopes that they do not use'],
  full_access: ['has full access', 'have full access'],
  never_used: ['was never used', 'were never used'],
  idle_90: ['has made no requests for 90 days', 'have made no requests for 90 days'],
  idle_30: ['has made no requests for 30 days', 'have made no requests for 30 days'],
  never_expires: ['has no expiry date', 'have no expiry date'],
};

const STYLE = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1f2328;max-width:560px';
const QUIET = 'color:#59636e;font-size:13px';

/** @param dashboardUrl without a trailing slash */
export function keyReportMail(report: KeyReport, dashboardUrl: string): { subject: string; html: string } {
  const warnings = report.findings.filter(({ code }) => isWarning(code));
  const notices = report.findings.filter(({ code }) => !isWarning(code));
  const page = `${dashboardUrl}/dashboard`;
  return {
    subject: `API keys of ${report.org}: ${headlineOf(warnings)}`,
    html: `<!doctype html>
<html lang="en"><body style="${STYLE}">
<h1 style="font-size:20px">API keys of ${escapeHtml(report.org)}</h1>
<p>${totalsOf(report)}</p>
${section('Needs attention', warnings, page)}
${section('Worth a look', notices, page)}
<p><a href="${escapeHtml(`${page}/`)}">View all API keys</a></p>
<p style="${QUIET}">Owners of ${escapeHtml(report.org)} get this mail each week.
<a href="${escapeHtml(`${page}/settings`)}">Turn it off under Organization</a>.</p>
</body></html>`,
  };
}

function headlineOf(warnings: readonly ReportedFinding[]): string {
  const [first, ...others] = warnings;
  if (first === undefined) return 'nothing needs attention';
  return others.length === 0 ? sentenceOf(first) : `${sentenceOf(first)}, and ${others.length} more`;
}

function totalsOf({ keys, requests, denied }: KeyReport): string {
  const made = `${counted(keys, 'active key')} made ${counted(requests, 'request')} in the last 7 days.`;
  return denied === 0 ? made : `${made} ${counted(denied, 'request')} (${percent(denied / requests)}) denied.`;
}

function section(title: string, findings: readonly ReportedFinding[], page: string): string {
  if (findings.length === 0) return '';
  return `<h2 style="font-size:16px">${title}</h2>\n<ul>\n${findings.map((each) => itemOf(each, page)).join('\n')}\n</ul>`;
}

function itemOf(finding: ReportedFinding, page: string): string {
  const { keys, examples } = finding;
  const links = examples.map(({ id, name }) => `<a href="${escapeHtml(`${page}/keys/${id}`)}">${escapeHtml(name)}</a>`);
  const others = keys - examples.length;
  const more = others > 0 ? `, and ${others} more` : '';
  return `<li>${sentenceOf(finding)}: ${links.join(', ')}${more}</li>`;
}

function sentenceOf({ code, keys }: ReportedFinding): string {
  return `${counted(keys, 'key')} ${WORDS[code][keys === 1 ? 0 : 1]}`;
}

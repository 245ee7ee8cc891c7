import { escapeHtml } from '../../core/wire/escape-html.js';
import type { ExposureAction, Reporter } from './key-exposure.entity.js';

export const MAIL_SENDER = 'Gatehouse';
const PLACES_SHOWN = 10;

const STYLE = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1f2328;max-width:560px';

export interface ToldExposure {
  readonly org: string;
  readonly key: string;
  readonly keyId: string;
  readonly action: ExposureAction;
  readonly reportedBy: Reporter;
  readonly urls: readonly string[];
}

/** For the end of the subject. */
const OUTCOMES: Readonly<Record<ExposureAction, string>> = {
  revoked: 'revoked',
  suspended: 'suspended',
  credential_ended: 'the old credential was stopped',
  told: 'nothing was stopped',
};

const SENTENCES: Readonly<Record<ExposureAction, string>> = {
  revoked: 'The key is revoked, for good. Create a new key for its callers.',
  suspended:
    'The key is suspended: its requests are denied. Rotate it, give the new credential to its callers, and then resume it.',
  credential_ended:
    'It was the credential that a rotation had replaced. It stopped working at once; the new credential was not found and still works.',
  told: 'Nothing was stopped. If the credential still works, rotate the key or revoke it.',
};

const REPORTS: Readonly<Record<Reporter, string>> = {
  github: 'GitHub found a credential of it in public.',
  holder: 'Someone who holds a credential of it reported it, so that it cannot be used any more.',
};

/** @param dashboardUrl without a trailing slash */
export function exposureMail(exposure: ToldExposure, dashboardUrl: string): { subject: string; html: string } {
  const { org, key, keyId, action, reportedBy, urls } = exposure;
  const page = `${dashboardUrl}/dashboard/keys/${keyId}`;
  return {
    subject: `API key “${key}” of ${org} was exposed: ${OUTCOMES[action]}`,
    html: `<!doctype html>
<html lang="en"><body style="${STYLE}">
<h1 style="font-size:20px">API key “${escapeHtml(key)}” was exposed</h1>
<p>${REPORTS[reportedBy]}</p>
${placesOf(urls)}<p>${SENTENCES[action]}</p>
<p>Treat everything that the key may do as known to others: look at its requests since then.</p>
<p><a href="${escapeHtml(page)}">View the API key</a></p>
</body></html>`,
  };
}

function placesOf(urls: readonly string[]): string {
  if (urls.length === 0) return '';
  const shown = urls.slice(0, PLACES_SHOWN).map((url) => `<li>${escapeHtml(url)}</li>`);
  const others = urls.length - shown.length;
  return `<ul>\n${shown.join('\n')}${others > 0 ? `\n<li>and ${others} more</li>` : ''}\n</ul>\n`;
}

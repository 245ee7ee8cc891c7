import { page } from '../../core/http/pages.js';
import type { SessionView } from '../sessions/session-view.dto.js';
import { escapeHtml } from '../../core/wire/escape-html.js';

/** The session that the sign-in would end, and the link's target. */
export interface SessionChange {
  readonly from: SessionView;
  readonly toOrg: string;
  readonly toEmail: string;
}

/**
 * @param path the page that the link opens, below `/dashboard`
 * @param change undefined: the browser has no live session
 */
export function confirmPage(path: string | null, change?: SessionChange): string {
  const sentence = change ? sentenceOf(change) : '';
  return page('Sign in', `<p>This link signs you in once.</p>\n${sentence}${buttonTo(`/dashboard${path ?? '/'}`)}`);
}

function sentenceOf({ from, toOrg, toEmail }: SessionChange): string {
  const account = (org: string, email: string) => `<strong>${escapeHtml(org)}</strong> as ${escapeHtml(email)}`;
  return `<p>You are signed in to ${account(from.org.name, from.user.email)}. Signing in to ${account(toOrg, toEmail)} ends that
session, also in your other tabs.</p>\n`;
}

function buttonTo(path: string): string {
  return `<button id="sign-in" type="button" data-path="${escapeHtml(path)}">Sign in</button>
<p id="problem" role="alert" hidden>This link has been used or has expired. Ask for a new one where you got it.</p>
<script src="/dashboard/login.js" defer></script>`;
}

export const SUSPENDED_PAGE = page(
  'This organization is suspended',
  `<p>Sign-ins work again once it is resumed. Ask the people who gave you access.</p>`,
);

export const SPENT_PAGE = page(
  'This login link no longer works',
  `<p>Each link works once, for 15 minutes. Go back to where you got it and open your dashboard from there again: that
makes a new one.</p>`,
);

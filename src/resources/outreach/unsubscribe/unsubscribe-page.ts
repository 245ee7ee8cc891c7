import { page } from '../../../core/http/pages.js';
import { escapeHtml } from '../../../core/wire/escape-html.js';

/** The form posts to the address of the page. */
export function confirmPage({ org, email }: { readonly org: string; readonly email: string }): string {
  return page(
    'Unsubscribe',
    `<p>Stop mail from <strong>${escapeHtml(org)}</strong> to ${escapeHtml(email)}?</p>
<form method="post"><button>Unsubscribe</button></form>`,
  );
}

export const DONE_PAGE = page(
  'You are unsubscribed',
  '<p>You get no more newsletters and offers. Mail that you ask for, such as a receipt, still arrives.</p>',
);

export const UNKNOWN_PAGE = page(
  'This link does not work',
  '<p>It is incomplete or too old. Use the link in a newer mail, or reply to the sender.</p>',
);

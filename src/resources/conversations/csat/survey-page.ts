import { page } from '../../../core/http/pages.js';
import { escapeHtml } from '../../../core/wire/escape-html.js';

const LABELS = ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied'];

/** One button per score. @param actions the addresses that the buttons post to, by score from 1 */
export function surveyPage(org: string, actions: readonly string[]): string {
  const buttons = actions.map(
    (action, index) =>
      `<form method="post" action="${escapeHtml(action)}"><p><button>${LABELS[index]}</button></p></form>`,
  );
  return page(
    'Rate your conversation',
    `<p>How satisfied are you with your conversation with <strong>${escapeHtml(org)}</strong>?</p>\n${buttons.join('\n')}`,
  );
}

export const THANKS_PAGE = page('Thank you', '<p>Your rating is saved. To change it, open the link again.</p>');

export const SPENT_PAGE = page(
  'This survey link no longer works',
  '<p>It is incomplete or too old, or the conversation is open again. Use the link in a newer message.</p>',
);

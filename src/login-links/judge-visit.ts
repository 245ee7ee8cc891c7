import type { IncomingHttpHeaders } from 'node:http';

export interface VisitFacts {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Lower case; undefined: nobody is signed in. */
  readonly signedInEmail: string | undefined;
  /** Whom the link is for, lower case. */
  readonly linkEmail: string;
  /** LOGIN_LINK_CONFIRM. */
  readonly alwaysConfirm: boolean;
}

/**
 * Whether a visit signs in at once, or is shown a button first: what isn't a person opening a page (a prefetch, a
 * mail scanner's HEAD, an image or a frame) must not use the link up, and nobody is signed out unasked.
 */
export function judgeVisit(facts: VisitFacts): 'sign-in' | 'confirm' {
  const { headers } = facts;
  const destination = headers['sec-fetch-dest'];
  const isPage = facts.method === 'GET' && (destination === undefined || destination === 'document');
  const isAhead = [headers['sec-purpose'], headers['purpose']].some((purpose) => String(purpose).includes('prefetch'));
  const isOther = facts.signedInEmail !== undefined && facts.signedInEmail !== facts.linkEmail;
  return isPage && !isAhead && !isOther && !facts.alwaysConfirm ? 'sign-in' : 'confirm';
}

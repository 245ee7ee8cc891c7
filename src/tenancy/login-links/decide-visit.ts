import type { IncomingHttpHeaders } from 'node:http';

export interface SignIn {
  /** Lower case. */
  readonly email: string;
  readonly orgId: string;
}

export interface VisitFacts {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined: the browser has no live session. */
  readonly signedIn: SignIn | undefined;
  /** The person and org of the link. */
  readonly link: SignIn;
  /** From the partner's setting, or LOGIN_LINK_CONFIRM. */
  readonly alwaysConfirm: boolean;
}

/**
 * Decides whether a visit signs in at once, or shows a button first. A request that doesn't open a page (a prefetch, a
 * mail scanner's HEAD, an image, a frame) must not consume the link. A link must not silently end a session of another
 * person or org.
 */
export function decideVisit(facts: VisitFacts): 'sign-in' | 'confirm' {
  const { headers, signedIn, link } = facts;
  const destination = headers['sec-fetch-dest'];
  const isPage = facts.method === 'GET' && (destination === undefined || destination === 'document');
  const isAhead = [headers['sec-purpose'], headers['purpose']].some((purpose) => String(purpose).includes('prefetch'));
  const isOther = signedIn !== undefined && (signedIn.email !== link.email || signedIn.orgId !== link.orgId);
  return isPage && !isAhead && !isOther && !facts.alwaysConfirm ? 'sign-in' : 'confirm';
}

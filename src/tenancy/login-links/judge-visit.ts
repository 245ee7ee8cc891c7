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
  /** What the link signs in to. */
  readonly link: SignIn;
  /** As the partner or LOGIN_LINK_CONFIRM has it. */
  readonly alwaysConfirm: boolean;
}

/**
 * Whether a visit signs in at once, or is shown a button first: what isn't a person opening a page (a prefetch, a
 * mail scanner's HEAD, an image or a frame) must not use the link up, and no link ends a session of another person or
 * another org unasked.
 */
export function judgeVisit(facts: VisitFacts): 'sign-in' | 'confirm' {
  const { headers, signedIn, link } = facts;
  const destination = headers['sec-fetch-dest'];
  const isPage = facts.method === 'GET' && (destination === undefined || destination === 'document');
  const isAhead = [headers['sec-purpose'], headers['purpose']].some((purpose) => String(purpose).includes('prefetch'));
  const isOther = signedIn !== undefined && (signedIn.email !== link.email || signedIn.orgId !== link.orgId);
  return isPage && !isAhead && !isOther && !facts.alwaysConfirm ? 'sign-in' : 'confirm';
}

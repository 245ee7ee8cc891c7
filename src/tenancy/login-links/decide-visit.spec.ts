import { describe, expect, it } from 'vitest';
import { decideVisit, type SignIn, type VisitFacts } from './decide-visit.js';

const JANE: SignIn = { email: 'jane@acmetours.example', orgId: 'acme' };
const OPENED: VisitFacts = {
  method: 'GET',
  headers: {},
  signedIn: undefined,
  link: JANE,
  alwaysConfirm: false,
};

function decide(facts: Partial<VisitFacts>): string {
  return decideVisit({ ...OPENED, ...facts });
}

describe('decideVisit', () => {
  it.each<[string, Partial<VisitFacts>]>([
    ['a browser without fetch metadata', {}],
    ['a page opened in a tab', { headers: { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } }],
    ['a link clicked on another site', { headers: { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' } }],
    ['a purpose other than prefetching', { headers: { 'sec-purpose': 'other', purpose: '' } }],
    ['the same person signed in to the same org already', { signedIn: { ...JANE } }],
  ])('signs in at once: %s', (_what, facts) => {
    expect(decide(facts)).toBe('sign-in');
  });

  it.each<[string, Partial<VisitFacts>]>([
    ['a scanner that sends HEAD', { method: 'HEAD' }],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch', 'sec-fetch-dest': 'document' } }],
    ['a prerender', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['a prefetch of an older browser', { headers: { purpose: 'prefetch' } }],
    ['another person signed in on this browser', { signedIn: { ...JANE, email: 'john@acmetours.example' } }],
    ['the same person signed in to another org', { signedIn: { ...JANE, orgId: 'globex' } }],
    ['an installation whose links are mailed', { alwaysConfirm: true }],
    ['mailed links, though the same person is signed in', { alwaysConfirm: true, signedIn: JANE }],
  ])('asks first: %s', (_what, facts) => {
    expect(decide(facts)).toBe('confirm');
  });

  it.each(['image', 'iframe', 'frame', 'script', 'style', 'empty', 'object', 'embed', 'audio', ''])(
    'asks first when it is loaded as "%s"',
    (destination) => {
      expect(decide({ headers: { 'sec-fetch-dest': destination } })).toBe('confirm');
    },
  );
});

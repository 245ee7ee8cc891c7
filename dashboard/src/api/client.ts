import { Gatehouse } from '../../../sdk/src/index.js';

/** A longer Retry-After is shown as an error instead of a spinner. */
const WAIT_SECONDS_MAX = 3;

let pageOrgId: string | undefined;

/** Names the org in every later request: the server refuses it once the browser is signed in to another org. */
export function setPageOrg(id: string): void {
  pageOrgId = id;
}

export const api = new Gatehouse({
  url: location.origin,
  session: true,
  retriesMax: 1,
  waitSecondsMax: WAIT_SECONDS_MAX,
  fetch: (request) => {
    if (pageOrgId !== undefined) request.headers.set('X-Gatehouse-Org', pageOrgId);
    return fetch(request);
  },
});

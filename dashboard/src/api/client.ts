import { Gatehouse } from '../../../sdk/src/index.js';

/** Nobody looks at a spinner for a minute: what is put off for longer is said. */
const WAIT_SECONDS_MAX = 3;

let pageOrgId: string | undefined;

/** From now on every request names that org, and the server refuses it once the browser is signed in to another. */
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

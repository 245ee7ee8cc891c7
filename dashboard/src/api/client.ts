import { Gatehouse } from '../../../sdk/src/index.js';

/** Nobody looks at a spinner for a minute: what is put off for longer is said. */
const WAIT_SECONDS_MAX = 3;

export const api = new Gatehouse({ url: location.origin, session: true, waitSecondsMax: WAIT_SECONDS_MAX });

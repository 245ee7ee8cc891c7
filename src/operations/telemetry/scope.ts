import { serverVersion } from '../../core/config/version.js';

/** The instrumentation scope of everything that the server emits. */
export const SCOPE = { name: 'gatehouse', version: serverVersion() };

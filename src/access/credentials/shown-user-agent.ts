import { maskCredential } from './credential-format.js';

export const USER_AGENT_CHARACTERS_MAX = 200;
/** More than is shown, so that a credential at the cut is recognized. */
const READ_CHARACTERS_MAX = 2_048;

/** A run of the characters that credentials consist of, longer than words are. */
const RUN = /[\w~+/-]{24,}/g;
const PREFIXED = /[a-z0-9]_(?:live|test|key|sec)_/;
const MIXED = [/[a-z]/, /[A-Z]/, /[0-9]/];
const HEX = /[0-9a-f]{32}/i;

/**
 * A User-Agent header in the form that may be stored: cut to 200 characters, and with anything that looks like a key, a
 * JWT or a session masked, because some clients send them in the wrong header.
 * @returns null without the header
 */
export function shownUserAgent(header: string | undefined): string | null {
  if (header === undefined || header === '') return null;
  const masked = header
    .slice(0, READ_CHARACTERS_MAX)
    .replace(RUN, (run) => (isLikeCredential(run) ? maskCredential(run) : run));
  return masked.slice(0, USER_AGENT_CHARACTERS_MAX);
}

function isLikeCredential(run: string): boolean {
  return PREFIXED.test(run) || HEX.test(run) || MIXED.every((characters) => characters.test(run));
}

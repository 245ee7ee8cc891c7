import { domainToASCII, domainToUnicode } from 'node:url';
import { isEmail, isFQDN } from 'class-validator';

export const DOMAIN_CHARACTERS_MAX = 253;
/** The limit of RFC 5321. */
export const EMAIL_CHARACTERS_MAX = 254;

/** ASCII except letters, digits, dots and hyphens. A URL parser decodes, cuts or skips them instead of failing. */
const NOT_OF_DOMAINS = /[\0-,/:-@[-`{-\x7f]/;
/** RFC 5321, section 4.1.2. */
const QUOTED = /^"((?:\\[ -~]|[^"\\])*)"$/;
/** Matches most addresses, which are canonical already. Longer ones may have a label that is too long; `xn--` needs IDNA. */
const PLAIN_EMAIL = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;
const PLAIN_CHARACTERS_MAX = 63;
const DOT_ATOM = /^[^\s()<>[\]:;@\\,."]+(?:\.[^\s()<>[\]:;@\\,."]+)*$/;

/**
 * The canonical form of a domain: ASCII by IDNA (UTS 46), in lower case, without the trailing dot.
 * @returns undefined for fewer than two labels, broken Punycode, and anything else that is not a domain
 */
export function canonicalDomain(text: string): string | undefined {
  // IDNA never makes a valid name shorter, except by the characters that it ignores.
  if (text.length > DOMAIN_CHARACTERS_MAX + 1 || NOT_OF_DOMAINS.test(text)) return undefined;
  const domain = domainToASCII(text.toLowerCase()).replace(/\.$/, '');
  return domain.length <= DOMAIN_CHARACTERS_MAX && isFQDN(domain) && isDecodable(domain) ? domain : undefined;
}

/**
 * The canonical form of an e-mail address. The domain is canonical; the local part has no needless quotes, and is NFC and
 * lower case (Unicode, independent of the locale).
 * @returns undefined for anything else
 */
export function canonicalEmail(text: string): string | undefined {
  if (text.length <= PLAIN_CHARACTERS_MAX && PLAIN_EMAIL.test(text)) return text;
  if (text.length > 2 * EMAIL_CHARACTERS_MAX) return undefined;
  const at = text.lastIndexOf('@');
  const domain = canonicalDomain(text.slice(at + 1));
  if (at < 1 || domain === undefined) return undefined;
  const local = unquoted(text.slice(0, at)).normalize('NFC').toLowerCase().normalize('NFC');
  const address = `${local}@${domain}`;
  return address.length <= EMAIL_CHARACTERS_MAX && isEmail(address) ? address : undefined;
}

/** The domain of a canonical address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** True if each `xn--` label decodes, and encodes back to the same label. */
function isDecodable(domain: string): boolean {
  if (!domain.includes('xn--')) return true;
  const name = domainToUnicode(domain);
  return !/(?:^|\.)xn--/.test(name) && domainToASCII(name) === domain;
}

/** `"sam"` and `"s\am"` become `sam`. Quotes stay if the text needs them. */
function unquoted(local: string): string {
  const text = QUOTED.exec(local)?.[1]?.replaceAll(/\\(.)/g, '$1');
  if (text === undefined) return local;
  return DOT_ATOM.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

import { domainToASCII, domainToUnicode } from 'node:url';
import { isEmail, isFQDN } from 'class-validator';

export const DOMAIN_CHARACTERS_MAX = 253;
/** RFC 5321's longest address. */
export const EMAIL_CHARACTERS_MAX = 254;

/** ASCII beside letters, digits, dots and hyphens. A URL parser would decode, cut or skip it instead of refusing. */
const NOT_OF_DOMAINS = /[\0-,/:-@[-`{-\x7f]/;
/** RFC 5321, section 4.1.2. */
const QUOTED = /^"((?:\\[ -~]|[^"\\])*)"$/;
/** Most addresses, all of which are canonical: a longer one may have too long a label, and `xn--` is read by IDNA. */
const PLAIN_EMAIL = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;
const PLAIN_CHARACTERS_MAX = 63;
const DOT_ATOM = /^[^\s()<>[\]:;@\\,."]+(?:\.[^\s()<>[\]:;@\\,."]+)*$/;

/**
 * The one spelling of a domain: ASCII by IDNA (UTS 46), in lower case, without the root's dot.
 * @returns undefined for what is not a domain of at least two labels, or has a label whose Punycode is broken
 */
export function canonicalDomain(text: string): string | undefined {
  // IDNA makes names longer, unless they are full of characters that it ignores.
  if (text.length > DOMAIN_CHARACTERS_MAX + 1 || NOT_OF_DOMAINS.test(text)) return undefined;
  const domain = domainToASCII(text.toLowerCase()).replace(/\.$/, '');
  return domain.length <= DOMAIN_CHARACTERS_MAX && isFQDN(domain) && isDecodable(domain) ? domain : undefined;
}

/**
 * The one spelling of an e-mail address: its domain as `canonicalDomain` has it; before the @, no needless quotes, NFC
 * and lower case as Unicode defines it for any locale.
 * @returns undefined for what is not an e-mail address
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

/** Whether each `xn--` label is what IDNA makes of the name that it stands for. */
function isDecodable(domain: string): boolean {
  if (!domain.includes('xn--')) return true;
  const name = domainToUnicode(domain);
  return !/(?:^|\.)xn--/.test(name) && domainToASCII(name) === domain;
}

/** `"sam"` and `"s\am"` are `sam`; quotes stay where the text needs them. */
function unquoted(local: string): string {
  const text = QUOTED.exec(local)?.[1]?.replaceAll(/\\(.)/g, '$1');
  if (text === undefined) return local;
  return DOT_ATOM.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

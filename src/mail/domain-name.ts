import { domainToASCII } from 'node:url';
import { isFQDN } from 'class-validator';

const CHARACTERS_MAX = 253;

/** A domain in lower case and DNS's own spelling, `xn--bcher-kva.example` for `Bücher.example`; undefined: it is none. */
export function domainNameOf(text: string): string | undefined {
  const name = domainToASCII(text.toLowerCase());
  return name.length <= CHARACTERS_MAX && isFQDN(name) ? name : undefined;
}

/** An e-mail address with its domain in DNS's spelling. @param address well-formed */
export function withDomainName(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${domainNameOf(domain) ?? domain.toLowerCase()}`;
}

import { Matches } from 'class-validator';
import { isIPv6 } from 'node:net';
import { check } from '../../../core/validation/decorators.js';

const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const DOMAIN_OR_IPV4 = new RegExp(`^(${LABEL}\\.)*${LABEL}$`);
const HOST_CHARACTERS_MAX = 253;

/** A domain or an address, without a port. */
export function IsSipHost(): PropertyDecorator {
  const isHost = (value: unknown) =>
    typeof value === 'string' && value.length <= HOST_CHARACTERS_MAX && (DOMAIN_OR_IPV4.test(value) || isIPv6(value));
  return check('sipHost', isHost, 'must be a domain or an IP address, without a port', { schema: { type: 'string' } });
}

/** A value of a SIP header. A line break would inject another header. */
export function IsSipWord(): PropertyDecorator {
  return Matches(/^[\x21-\x7e]{1,255}$/, { message: '$property must be 1 to 255 printable characters without spaces' });
}

import { Matches } from 'class-validator';

/** A value that is sent in a header; a line break would start another header. */
export function IsSecret(): PropertyDecorator {
  return Matches(/^[\x21-\x7e]{1,500}$/, { message: '$property must be 1 to 500 printable characters without spaces' });
}

/** A name under the provider's domain, not a URL. */
export function IsSubdomain(): PropertyDecorator {
  return Matches(/^[a-z0-9-]{1,63}$/, {
    message: '$property must be 1 to 63 lower-case letters, digits and dashes, without the rest of the domain',
  });
}

import { isToken64Hex, maskCredential } from '../../access/credentials/credential-format.js';

const OPAQUE_KEY = /[a-z0-9]_(?:live|test|key|sec)_/;

/** A request id, which the client may choose, masked if it has the form of a credential. */
export function storedRequestId(id: string): string {
  return OPAQUE_KEY.test(id) || isToken64Hex(id) ? maskCredential(id) : id;
}

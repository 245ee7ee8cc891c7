import type { IncomingHttpHeaders } from 'node:http';

export interface ReportSignature {
  readonly keyId: string;
  /** Base64. */
  readonly signature: string;
}

const KEY_ID = /^[\w-]{1,128}$/;
/** Of ECDSA over P-256, in DER: at most 72 bytes. */
const SIGNATURE = /^[0-9A-Za-z+/]{8,96}={0,2}$/;

/** The headers that GitHub signs a report with; undefined: they are missing or malformed. */
export function signatureIn(headers: IncomingHttpHeaders): ReportSignature | undefined {
  const keyId = headers['github-public-key-identifier'];
  const signature = headers['github-public-key-signature'];
  if (typeof keyId !== 'string' || typeof signature !== 'string') return undefined;
  return KEY_ID.test(keyId) && SIGNATURE.test(signature) ? { keyId, signature } : undefined;
}

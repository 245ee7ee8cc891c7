import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** RFC 8301 asks for at least 1024 bits; receivers ignore keys of more than 2048. */
const RSA_BITS = 2_048;

export interface DkimKey {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo in base64, as the DNS record has it. */
  readonly publicKey: string;
}

/** Takes some 100 ms, in a thread of Node. RSA, because most receivers don't verify Ed25519 (RFC 8463). */
export async function newDkimKey(): Promise<DkimKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

import type { SignatureKind } from '../api/wire';

const HMAC = `import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
// Throws if the signature is wrong or old. The body is the text as it arrived.
const event = webhook.verify(body, request.headers);`;

const ED25519 = `webhook-signature: v1a,<base64>

Verify it with Ed25519 and the 32 bytes after whpk_ over
{webhook-id}.{webhook-timestamp}.{body as it arrived}`;

/** How a receiver verifies the events of an endpoint. */
export function verifyCode(signature: SignatureKind): string {
  return signature === 'hmac' ? HMAC : ED25519;
}

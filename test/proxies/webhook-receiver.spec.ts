import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { mintWebhookSecret, signedHeaders } from '../../src/kit/webhooks/sign-webhook.js';

const BODY = '{"type":"webhook.test","data":{"name":"Zoë"}}';
const PROGRAM = `
import json, sys
sys.path.insert(0, 'docs/examples')
from verify_webhook import verify_webhook
given = json.load(sys.stdin)
print(json.dumps(verify_webhook(given['secret'], given['headers'], given['body'].encode())))`;

function verifyInPython(secret: string, headers: object, body = BODY) {
  const input = JSON.stringify({ secret, headers, body });
  const { status, stdout, stderr } = spawnSync('python3', ['-c', PROGRAM], { input, encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as unknown) : stderr.trim().split('\n').at(-1);
}

it('the Python example of the documentation verifies deliveries, also while a secret is replaced', () => {
  const [older, newer, other] = [0, 1, 2].map(() => mintWebhookSecret('hmac').secret) as [string, string, string];
  const headers = signedHeaders([newer, older], 'id', new Date(), BODY);
  for (const secret of [older, newer]) expect(verifyInPython(secret, headers)).toEqual(JSON.parse(BODY));
  expect(verifyInPython(other, headers)).toBe('ValueError: no signature matches');
  expect(verifyInPython(newer, headers, `${BODY} `)).toBe('ValueError: no signature matches');
  const old = signedHeaders([newer], 'id', new Date('2020-01-01'), BODY);
  expect(verifyInPython(newer, old)).toBe('ValueError: too old or too new');
});

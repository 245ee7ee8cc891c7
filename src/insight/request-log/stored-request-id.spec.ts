import { expect, test } from 'vitest';
import { mintOpaqueKey, mintToken64Hex } from '../../access/credentials/credential-format.js';
import { storedRequestId } from './stored-request-id.js';

test('a request id is masked if it has the form of a credential', () => {
  expect(storedRequestId(mintOpaqueKey('ocx', 'live'))).toMatch(/^ocx_live_….{4}$/);
  expect(storedRequestId(mintToken64Hex())).toMatch(/^….{4}$/);
});

test('other request ids are stored as they are', () => {
  for (const id of ['0c2b7a34-7d2a-4b5e-9d0e-3f1b2c4d5e6f', '4bf92f3577b34da6a3ce929d0e0e4736', 'Ab3_x-1z']) {
    expect(storedRequestId(id)).toBe(id);
  }
});

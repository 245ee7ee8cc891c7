import { expect, it } from 'vitest';
import { serviceCurl } from './service-curl';

const CALL = { service: { url: 'https://api.example.com' }, method: 'GET', path: '/invoices' };
const startOf = (call: Partial<typeof CALL> | { service: { url: null } }) =>
  serviceCurl({ ...CALL, ...call }, { token: 'TOKEN' }).split(' \\\n')[0];

it('a service is called at its address', () => {
  expect(serviceCurl(CALL, { token: 'TOKEN' })).toBe(
    `curl https://api.example.com/invoices \\\n  -H 'Authorization: Bearer TOKEN'`,
  );
});

it('a placeholder stands for the address of a service that has none', () => {
  expect(startOf({ service: { url: null } })).toBe('curl https://your-service.example/invoices');
});

it('a method other than GET is named', () => {
  expect(startOf({ method: 'POST' })).toBe('curl -X POST https://api.example.com/invoices');
});

it('a path that a shell could read differently is encoded and in quotes', () => {
  expect(startOf({ path: "/it's ü;b" })).toBe(`curl 'https://api.example.com/it%27s%20%C3%BC;b'`);
});

it('a key with a secret sends both', () => {
  expect(serviceCurl(CALL, { token: 'KEY', secret: 'SECRET' })).toBe(
    `curl https://api.example.com/invoices \\\n  -H 'X-API-Key: KEY' \\\n  -H 'X-API-Secret: SECRET'`,
  );
});

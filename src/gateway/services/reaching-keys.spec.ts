import { expect, it } from 'vitest';
import { reachingKeys } from './reaching-keys.js';

const SCOPES = new Set(['invoices:read', 'invoices:write']);
const key = (name: string, scopes: string[] | null, covers_services = '0') => ({
  id: name,
  name,
  scopes,
  covers_services,
});
const reach = (service: Parameters<typeof reachingKeys>[0], ...keys: ReturnType<typeof key>[]) =>
  reachingKeys(service, SCOPES, keys).map(({ name, access, scopes }) => [name, access, scopes]);

const EXISTING = { number: '10', full_access: 'existing' } as const;

it('a key reaches the service whose scopes it has, which are listed without those of others', () => {
  const keys = [key('billing', ['contacts:read', 'invoices:read']), key('crm', ['contacts:read']), key('none', [])];
  expect(reach(EXISTING, ...keys)).toEqual([['billing', 'scoped', ['invoices:read']]]);
});

it('full access covers services that are not newer than it', () => {
  const keys = [key('older', null, '9'), key('same', null, '10'), key('newer', null, '11')];
  expect(reach(EXISTING, ...keys).map(([name]) => name)).toEqual(['same', 'newer']);
});

it('full access covers every service that is declared for all', () => {
  expect(reach({ ...EXISTING, full_access: 'all' }, key('older', null, '9'))).toEqual([['older', 'full', []]]);
});

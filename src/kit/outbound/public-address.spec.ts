import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.js';

const PUBLIC = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'];

/** Addresses of each kind that outbound requests must not reach. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  shared: ['100.64.0.1', '100.127.255.255', '100.100.100.200'],
  'link-local': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
  'unique local': ['fc00::1', 'fd00:ec2::254', 'fdff::1'],
  'site-local': ['fec0::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  reserved: ['192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1'],
  broadcast: ['255.255.255.255'],
  documentation: ['2001:db8::1', '3fff::1'],
  discard: ['100::1'],
  tunnelled: ['2002:7f00:1::1', '2002:808:808::1', '2001:0:7f00:1::1'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '0:0:0:0:0:ffff:169.254.169.254'],
  'IPv4-compatible': ['::127.0.0.1', '::7f00:1', '::8.8.8.8'],
  'IPv4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
  NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::10.0.0.1'],
  'of a cloud’s own services': ['168.63.129.16', '::ffff:168.63.129.16'],
  'no address': [
    '',
    'localhost',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '127.1',
    '0177.0.0.1',
    '1.1.1.1:80',
    '[::1]',
  ],
};

describe('a public address', () => {
  it.each(PUBLIC)('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(PUBLIC.filter((address) => !address.includes(':')))(
    '%s is public as an IPv4-mapped IPv6 address',
    (address) => expect(isPublicAddress(`::ffff:${address}`)).toBe(true),
  );
});

describe.each(Object.entries(OTHERS))('%s is not public', (_kind, addresses) => {
  it.each(addresses)('%s', (address) => expect(isPublicAddress(address)).toBe(false));
});

it('an IPv6 form of an IPv4 address is public only if the IPv4 address is', () => {
  const forms = ['::ffff:', '::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'];
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom(...forms), (address, form) => {
      expect(isPublicAddress(`${form}${address}`) && !isPublicAddress(address)).toBe(false);
    }),
  );
});

it('only 2000::/3 is public in IPv6', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      if (isPublicAddress(address) && !address.toLowerCase().startsWith('::ffff:')) expect(address).toMatch(/^[23]/);
    }),
  );
});

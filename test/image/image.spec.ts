import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { report } from '../support/report.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { Image } from './support/image.js';

interface Sbom {
  readonly bomFormat: string;
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

describe('the image', () => {
  const folder = temporaryFolder();
  let postgres: OwnPostgres;
  let image: Image;
  let url: string;

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const startedAt = performance.now();
    image = Image.run(folder, {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: postgres.serverUrl,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    });
    const isBuilt = async () => {
      if (!image.isRunning) throw new Error(`the build or the server ended: ${image.output}`);
      return image.output.includes('the image is built') && (await isReady());
    };
    await until('the image is built and its server is ready', isBuilt);
    report('image', { 'built and ready after, s': (performance.now() - startedAt) / 1000 });
  });
  afterAll(async () => {
    await image?.stop();
    await postgres?.remove();
  });

  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const readJson = (file: string) => JSON.parse(readFileSync(image.pathOf(file), 'utf8')) as unknown;

  it('serves the API and the dashboard as an unprivileged user', async () => {
    expect(image.userId).toBeGreaterThan(0);
    expect((await fetch(`${url}/whoami`)).status).toBe(401);
    expect((await fetch(`${url}/dashboard/`)).status).toBe(200);
  });

  it('contains a software bill of materials with exactly its packages', () => {
    const sbom = readJson('/app/sbom.json') as Sbom;
    const installed = Object.entries((readJson('/app/node_modules/.package-lock.json') as Lock).packages).map(
      ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`,
    );
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(installed.length).toBeGreaterThan(100);
    const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(listed.toSorted()).toEqual([...new Set(installed)].toSorted());
  });

  it('contains the licences of what the dashboard bundles', () => {
    const licences = readJson('/app/dist/dashboard/licenses.json') as { name: string; identifier: string | null }[];
    expect(licences.map(({ name }) => name)).toEqual(expect.arrayContaining(['react', '@mantine/core']));
    const permissive = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
    const others = licences
      .map(({ name, identifier }) => ({ name, licences: (identifier ?? 'none').split(' AND ') }))
      .filter((each) => !each.licences.every((licence) => permissive.has(licence)));
    expect(others).toEqual([]);
  });

  it('contains neither sources of tests nor tools of development', () => {
    for (const path of ['/app/src/core', '/app/test', '/app/node_modules/vitest', '/app/node_modules/typescript']) {
      expect(() => readFileSync(image.pathOf(path)), path).toThrow('ENOENT');
    }
  });

  it('ends on SIGTERM with 0', async () => {
    expect(await image.stop()).toEqual({ code: 0, signal: null });
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

const DOCUMENTED = resolve(import.meta.dirname, '..', '..', 'docs', 'proxies', 'apache-introspection.conf');
const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'rewrite', 'proxy', 'proxy_http', 'oauth2'];

interface Behind {
  readonly gatehouseUrl: string;
  readonly serviceUrl: string;
  readonly serviceKey: string;
}

/** Apache as a resource server with the file of `docs/proxies`. Only the addresses in it are those of the test. */
export class Apache {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /** Resolves once it listens. */
  static async start({ gatehouseUrl, serviceUrl, serviceKey }: Behind): Promise<Apache> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-apache-'));
    const url = `http://127.0.0.1:${await freePort()}`;
    const site = (await readFile(DOCUMENTED, 'utf8'))
      .replace('http://127.0.0.1:3000', gatehouseUrl)
      .replace('http://127.0.0.1:9000', serviceUrl)
      .replace('Listen 8080', `Listen ${new URL(url).host}`)
      .replace('*:8080', new URL(url).host);
    const modules = LOADED.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
    const main = [
      `ServerRoot ${folder}`,
      'ServerName localhost',
      'PidFile pid',
      `ErrorLog ${join(folder, 'error.log')}`,
      'User www-data',
      'Group www-data',
      ...modules,
      site,
    ];
    const file = join(folder, 'main.conf');
    await writeFile(file, main.join('\n'));
    const env = { PATH: process.env['PATH'], GATEHOUSE_SERVICE_KEY: serviceKey };
    // One process, because the children of a killed one would go on.
    const child = new Child('apache2', ['-X', '-f', file], { env });
    await until('Apache listens', async () => {
      if (!child.isRunning) throw new Error(`Apache ended: ${child.output}`);
      return fetch(url).then(
        () => true,
        () => false,
      );
    });
    return new Apache(child, folder, url);
  }

  async stop(): Promise<void> {
    await this.child.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from './end-with-us.ts';

const DOCUMENTED = new URL('../docs/proxies/nginx.conf', import.meta.url);

export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0;
}

/** nginx with the documented configuration in front of a service that is nginx itself and answers `ok`. */
export class Nginx implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  /** CPU time isn't read: the master and its worker are two processes. */
  readonly cpuMs = undefined;
  readonly residentMegabytes = undefined;

  /** @param decider `host:port` of what answers auth_request; undefined: nothing is asked */
  static async start(decider: string | undefined): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-nginx-'));
    const [port, service] = [await freePort(), await freePort()];
    writeFileSync(join(folder, 'site.conf'), siteOf(port, service, decider));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${what};`);
    const main = join(folder, 'main.conf');
    writeFileSync(
      main,
      `daemon off; master_process off; pid nginx.pid; error_log stderr warn; worker_rlimit_nofile 4096;
       events { worker_connections 1024; }
       http {
         access_log off; keepalive_requests 1000000000; ${temporary.join(' ')}
         include site.conf;
         server { listen 127.0.0.1:${service}; location / { return 200 ok; } }
       }`,
    );
    const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', main], { stdio: ['ignore', 2, 2] });
    endWithUs(child);
    const nginx = new Nginx(child, folder, `http://127.0.0.1:${port}`);
    for (let tries = 0; tries < 100; tries++) {
      if (
        await fetch(nginx.url).then(
          () => true,
          () => false,
        )
      )
        return nginx;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('nginx does not listen');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function siteOf(port: number, service: number, decider: string | undefined): string {
  const site = readFileSync(DOCUMENTED, 'utf8')
    .replace('server 127.0.0.1:3000;', `server ${decider ?? '127.0.0.1:1'};`)
    .replace('server 127.0.0.1:9000;', `server 127.0.0.1:${service};`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`);
  return decider === undefined ? site.replace(/^ *auth_request .*$/m, '') : site;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endWithUs } from '../end-with-us.ts';

/** Proxies with their default limits and buffers, except for the 1 MB limit of nginx. */
const PROXIES = {
  nginx: {
    file: 'nginx.conf',
    config: (port: number, upstream: string, folder: string) =>
      `daemon off; pid ${folder}/pid; error_log stderr crit; events {}
       http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
         fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
         server { listen 127.0.0.1:${port}; client_max_body_size 100m; location / { proxy_pass http://${upstream}; } } }`,
    command: (config: string) => ['nginx', '-c', config],
  },
  haproxy: {
    file: 'haproxy.cfg',
    config: (port: number, upstream: string) =>
      `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server one ${upstream}
`,
    command: (config: string) => ['haproxy', '-db', '-q', '-f', config],
  },
  caddy: {
    file: 'Caddyfile',
    config: (port: number, upstream: string) =>
      `{\n admin off\n auto_https off\n}\nhttp://127.0.0.1:${port} {\n reverse_proxy ${upstream}\n}\n`,
    command: (config: string) => ['caddy', 'run', '--config', config, '--adapter', 'caddyfile'],
  },
} as const;
export type ProxyName = keyof typeof PROXIES;
export const PROXY_NAMES = Object.keys(PROXIES) as ProxyName[];

export function isInstalled(program: string, versionFlag = '--version'): boolean {
  return spawnSync(program, [versionFlag]).error === undefined;
}

/** A proxy in front of the server, on a free port. */
export class Proxy implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(name: ProxyName, upstream: string): Promise<Proxy> {
    const { file, config, command } = PROXIES[name];
    const folder = mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
    // nginx workers do not run as root.
    chmodSync(folder, 0o755);
    const port = await freePort();
    const path = join(folder, file);
    writeFileSync(path, config(port, new URL(upstream).host, folder));
    const [program, ...args] = command(path);
    const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr!.on('data', (text: Buffer) => (complaint += text.toString()));
    endWithUs(child);
    for (let tries = 0; !(await listens(port)); tries++) {
      if (child.exitCode !== null || tries === 100) throw new Error(`${name} does not start: ${complaint}`);
      await pause(100);
    }
    return new Proxy(`http://127.0.0.1:${port}`, child, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((result) => {
    socket.destroy();
    return result as boolean;
  });
}

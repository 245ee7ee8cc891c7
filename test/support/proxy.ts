import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** The proxies whose documented configuration the tests run. */
export const PROXIES = ['nginx', 'caddy'] as const;
export type ProxyName = (typeof PROXIES)[number];

/** What a proxy stands in front of, as `host:port`. */
export interface Behind {
  /** Several: processes of one installation, which only nginx is given. */
  readonly gatehouse: readonly string[];
  readonly service: string;
}

interface Program {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const DOCUMENTED = resolve(import.meta.dirname, '..', '..', 'docs', 'proxies');

/** A proxy as a separate process, with the file of `docs/proxies`. Only the addresses in it are those of the test. */
export class Proxy {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Resolves once it listens. */
  static async start(name: ProxyName, behind: Behind): Promise<Proxy> {
    const folder = await mkdtemp(join(tmpdir(), `gatehouse-${name}-`));
    const port = await freePort();
    const { args, env } = await (name === 'nginx' ? nginx : caddy)(folder, port, behind);
    const child = new Child(name, args, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env } });
    const proxy = new Proxy(child, folder, port);
    try {
      await until(`${name} listens`, () => {
        if (!child.isRunning) throw new Error(`${name} ended: ${child.output}`);
        return listens(port);
      });
      return proxy;
    } catch (error) {
      await proxy.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await this.child.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One process without a master, because the worker of a killed master would go on. */
async function nginx(folder: string, port: number, { gatehouse, service }: Behind): Promise<Program> {
  const documented = await readFile(join(DOCUMENTED, 'nginx.conf'), 'utf8');
  const site = [
    ['server 127.0.0.1:3000;', gatehouse.map((address) => `server ${address};`).join(' ')],
    ['server 127.0.0.1:9000;', `server ${service};`],
    ['listen 8080;', `listen 127.0.0.1:${port};`],
  ].reduce((text, [line, replacement]) => replaced(text, line!, replacement!), documented);
  await writeFile(join(folder, 'site.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${what};`);
  const main = join(folder, 'main.conf');
  await writeFile(
    main,
    `daemon off; master_process off; pid nginx.pid; error_log stderr warn;
     events {}
     http { access_log off; ${temporary.join(' ')} include site.conf; }`,
  );
  return { args: ['-e', 'stderr', '-p', folder, '-c', main], env: {} };
}

async function caddy(folder: string, port: number, { gatehouse, service }: Behind): Promise<Program> {
  const main = join(folder, 'Caddyfile');
  await writeFile(main, `{\n\tadmin off\n}\nimport ${join(DOCUMENTED, 'Caddyfile')}\n`);
  return {
    args: ['run', '--config', main, '--adapter', 'caddyfile'],
    env: { LISTEN: `:${port}`, GATEHOUSE: gatehouse.join(' '), SERVICE: service },
  };
}

/** @throws Error if the documented file doesn't have the line exactly once */
function replaced(text: string, line: string, replacement: string): string {
  const parts = text.split(line);
  if (parts.length !== 2) throw new Error(`docs/proxies has ${parts.length - 1} lines "${line}"`);
  return parts.join(replacement);
}

function listens(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });
}

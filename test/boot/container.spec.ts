import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Copy, DockerfileParser, type Env, type From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseTrustedProxies } from '../../src/access/network/client-ip.js';
import { loadConfig } from '../../src/core/config/config.js';

const dockerfile = readFileSync('Dockerfile', 'utf8');
const instructions = DockerfileParser.parse(dockerfile).getInstructions();
const named = <T>(keyword: string) => instructions.filter((each) => each.getKeyword() === keyword) as unknown as T[];
const contentOf = (keyword: string) =>
  instructions.filter((each) => each.getKeyword() === keyword).map((each) => each.getArgumentsContent() ?? '');

/** The paths that are copied from the build context, not from another stage. */
const copied = named<Copy>('COPY')
  .filter((copy) => copy.getFromFlag() === null)
  .flatMap((copy) =>
    copy
      .getArguments()
      .slice(0, -1)
      .map((argument) => argument.getValue()),
  );
const imageEnvironment = Object.fromEntries(
  named<Env>('ENV').flatMap((env) => env.getProperties().map((each) => [each.getName(), each.getValue() ?? ''])),
);

describe('Dockerfile', () => {
  it('is valid', () => {
    expect(validate(dockerfile).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it('uses tagged images, installs by the lock file, and downloads nothing else', () => {
    const tags = named<From>('FROM').map((from) => from.getImageTag());
    expect(tags.filter((tag) => tag === null || tag === 'latest')).toEqual([]);
    expect(contentOf('ADD')).toEqual([]);
    expect(contentOf('RUN').filter((command) => /npm (i|install|update)\b|curl|wget|sudo|apt/.test(command))).toEqual(
      [],
    );
    expect(contentOf('WORKDIR').filter((path) => !path.startsWith('/'))).toEqual([]);
  });

  it('runs as an unprivileged user, without a shell that would swallow SIGTERM', () => {
    const keywords = instructions.map((each) => each.getKeyword());
    const lastStage = keywords.lastIndexOf('FROM');
    expect(keywords.indexOf('USER', lastStage)).toBeGreaterThan(lastStage);
    expect(contentOf('USER')).toEqual(['node']);
    expect(contentOf('CMD')).toEqual(['["node", "dist/src/main.js"]']);
    expect(keywords).toContain('HEALTHCHECK');
  });

  it('contains no secret', () => {
    expect(contentOf('ARG')).toEqual([]);
    expect(Object.keys(imageEnvironment).filter((name) => /KEY|TOKEN|SECRET|PASSWORD|_URL/.test(name))).toEqual([]);
  });

  it('copies only existing files that .dockerignore allows', () => {
    const lines = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(lines).toContain('*');
    const allowed = lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const isIn = (path: string, folders: readonly string[]) =>
      folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(path) || !isIn(path, allowed))).toEqual([]);
    // No exception in .dockerignore is unused.
    expect(allowed.filter((path) => !copied.some((each) => isIn(each, [path])))).toEqual([]);
  });

  it('copies everything that the source imports', () => {
    const sources = globSync(['src/**/*.ts', 'migrations/*.ts']).filter((path) => !path.endsWith('.spec.ts'));
    const imports = sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target]) =>
        normalize(join(dirname(path), target!)),
      ),
    );
    const missing = imports.filter((path) => !copied.some((folder) => path.startsWith(`${folder}/`)));
    expect([...new Set(missing)]).toEqual([]);
  });
});

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: string[];
  readonly deploy?: { replicas: number };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: object;
  readonly command?: string[];
  readonly network_mode?: string;
  readonly stop_grace_period?: string;
  readonly configs?: { source: string }[];
  readonly volumes?: string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { content?: string; file?: string }>>;
  readonly networks: { readonly default: { readonly ipam: { readonly config: readonly { subnet: string }[] } } };
  readonly volumes: Readonly<Record<string, null>>;
}

describe('docker-compose.yml', () => {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;
  const services = Object.entries(compose.services);
  const built = services.filter(([, { build }]) => build !== undefined);
  const servers = built.filter(([name]) => name !== 'migrate');

  it('defines one server, three behind a balancer, or one behind a gateway, with one Postgres and one Redis', () => {
    expect(services.map(([name]) => name)).toEqual([
      'migrate',
      'server',
      'scaled-server',
      'balancer',
      'gateway-server',
      'gateway',
      'example',
      'postgres',
      'redis',
    ]);
    const { server, 'scaled-server': scaled, balancer } = compose.services;
    expect([server!.profiles, server!.deploy]).toEqual([undefined, undefined]);
    expect([scaled!.profiles, scaled!.deploy, scaled!.ports]).toEqual([['scaled'], { replicas: 3 }, undefined]);
    expect(balancer!.profiles).toEqual(['scaled']);
    expect(compose.configs['balancer']!.content).toContain('server scaled-server:3000;');
  });

  it('gives each server a valid environment', () => {
    for (const [name, { environment }] of built) {
      const values = Object.entries(environment!).map(([setting, value]) => [setting, interpolated(value)]);
      const config = loadConfig({ ...imageEnvironment, ...Object.fromEntries(values) });
      expect([name, config.host, config.port]).toEqual([name, '0.0.0.0', 3000]);
      expect([config.databaseUrl, config.redis, config.encryptionKey].includes(undefined)).toBe(false);
      expect(parseTrustedProxies(config.trustedProxies)).toHaveProperty('trusted');
    }
  });

  it('contains no password', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    const passwords = [...text.matchAll(/(?<=PASSWORD: ).+|(?<=:\/\/\w+:).+(?=@)/g)].map(([password]) => password);
    expect(passwords.length).toBeGreaterThan(2);
    expect(passwords.filter((password) => !/^\$\{\w+:\?/.test(password))).toEqual([]);
  });

  it('runs servers as a role that owns nothing, and only the migration as the owner', () => {
    const rolesOf = (name: string) =>
      ['DATABASE_URL', 'DATABASE_OWNER_URL'].map(
        (setting) => /:\/\/(\w+):/.exec(compose.services[name]!.environment![setting] ?? '')?.[1],
      );
    expect(servers.map(([name]) => rolesOf(name))).toEqual([
      ['gatehouse_server', undefined],
      ['gatehouse_server', undefined],
      ['gatehouse_server', undefined],
    ]);
    expect(rolesOf('migrate')).toEqual(['gatehouse_server', 'gatehouse']);
    expect(compose.services['postgres']!.environment!['POSTGRES_USER']).toBe('gatehouse');
    for (const [, { depends_on }] of servers) {
      expect(depends_on!['migrate']).toEqual({ condition: 'service_completed_successfully' });
    }
  });

  it('has a balancer that sets the client address, and servers that trust only the balancer', () => {
    const [network] = compose.networks.default.ipam.config;
    expect(compose.services['scaled-server']!.environment!['TRUSTED_PROXIES']).toBe(network!.subnet);
    // Compose writes "$" as "$$".
    expect(compose.configs['balancer']!.content).toContain('proxy_set_header X-Forwarded-For $$remote_addr;');
    expect(compose.services['server']!.environment!['TRUSTED_PROXIES']).toBe(undefined);
    expect(imageEnvironment['TRUSTED_PROXIES']).toBe('none');
  });

  it('has a gateway with the documented files, on the network of its own server', () => {
    const { 'gateway-server': server, gateway, example } = compose.services;
    expect([server, gateway, example].map((each) => each!.profiles)).toEqual([['gateway'], ['gateway'], ['gateway']]);
    expect([gateway, example].map((each) => each!.network_mode)).toEqual(Array(2).fill('service:gateway-server'));
    // Inside, the three have the addresses of the documented files.
    expect([server!.environment!['TRUSTED_PROXIES'], server!.ports]).toEqual(['loopback', ['127.0.0.1:8081:8080']]);
    const files = Object.values(compose.configs).flatMap(({ file }) => file ?? []);
    expect(files).toEqual(['./docs/proxies/nginx.conf', './docs/proxies/example-service.py']);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('waits for health checks, allows graceful shutdown, and listens on this machine only', () => {
    const awaited = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on));
    const ended = awaited.filter(([, { condition }]) => condition !== 'service_healthy').map(([name]) => name);
    expect(new Set(ended)).toEqual(new Set(['migrate']));
    const unhealthy = awaited.filter(([name]) => {
      const { build, healthcheck } = compose.services[name]!;
      return build === undefined && healthcheck === undefined;
    });
    expect(unhealthy).toEqual([]);
    expect(servers.filter(([, { stop_grace_period }]) => parseInt(stop_grace_period ?? '') < 10)).toEqual([]);
    const ports = services.flatMap(([, { ports: own = [] }]) => own);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('uses tagged images and existing configs and volumes, and a Redis without eviction', () => {
    const images = services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
    expect(images.filter((image) => !/:[\w.-]+$/.test(image) || image.endsWith(':latest'))).toEqual([]);
    const uses = services.flatMap(([, { configs = [] }]) => configs.map(({ source }) => source));
    expect(uses).toEqual(Object.keys(compose.configs));
    const volumes = services.flatMap(([, { volumes: own = [] }]) => own.map((volume) => volume.split(':', 1)[0]));
    expect([...new Set(volumes)]).toEqual(Object.keys(compose.volumes));
    expect(compose.services['redis']!.command!.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});

/** Replaces variables by their defaults, and required ones by a key of 32 bytes, as compose does. */
function interpolated(value: string): string {
  return value
    .replace(/\$\{\w+:-([^}]*)\}/g, (_, preset: string) => preset)
    .replace(/\$\{\w+:\?[^}]*\}/g, () => Buffer.alloc(32).toString('base64'));
}

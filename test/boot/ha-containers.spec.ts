import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/core/config/config.js';

const read = (file: string) => readFileSync(`deploy/ha/${file}`, 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly env_file?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');
const instructions = DockerfileParser.parse(dockerfile).getInstructions();
const addressOf = (name: string) => compose.services[name]!.networks!.default.ipv4_address;
const named = (prefix: string) => ['1', '2', '3'].map((number) => `${prefix}${number}`);

describe('deploy/ha/Dockerfile', () => {
  it('is valid, and has the programs of a tagged Debian only', () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
    expect(dockerfile).toMatch(/^FROM debian:bookworm-slim$/m);
    expect(instructions.filter((each) => /curl|wget|ADD/.test(each.getTextContent()))).toEqual([]);
  });

  it('runs as the user of Postgres, and copies the files that the services name', () => {
    const contents = instructions.map((each) => each.getTextContent());
    expect(contents.at(-3)).toBe('COPY create-database.sh /usr/local/bin/');
    expect(contents.at(-2)).toBe('COPY patroni.yml haproxy.cfg /etc/gatehouse-ha/');
    expect(contents.at(-1)).toBe('USER postgres');
    const commands = services.filter(([, { image }]) => image === 'gatehouse-ha').map(([, { command }]) => command);
    const files = commands.flatMap((command) => command!.filter((word) => word.startsWith('/')));
    expect([...new Set(files)].toSorted()).toEqual(['/etc/gatehouse-ha/haproxy.cfg', '/etc/gatehouse-ha/patroni.yml']);
  });
});

describe('deploy/ha/docker-compose.yml', () => {
  it('has three nodes of etcd and of Postgres, with a volume each', () => {
    expect(services.map(([name]) => name)).toEqual([
      ...named('etcd'),
      ...named('db'),
      'haproxy',
      'migrate',
      'server',
      'redis',
    ]);
    const volumes = services.flatMap(([, { volumes: own = [] }]) => own.map((volume) => volume.split(':', 1)[0]!));
    expect(volumes.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });

  it('gives each etcd its own name and address, and the list of all', () => {
    const all = named('etcd').map((name) => `${name}=http://${addressOf(name)}:2380`);
    for (const name of named('etcd')) {
      const { environment, env_file } = compose.services[name]!;
      expect(env_file).toEqual(['etcd.env']);
      expect(environment).toMatchObject({
        ETCD_NAME: name,
        ETCD_ADVERTISE_CLIENT_URLS: `http://${addressOf(name)}:2379`,
        ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${addressOf(name)}:2380`,
        ETCD_INITIAL_CLUSTER: all.join(','),
      });
    }
  });

  it('gives each Patroni its own name and address, and every etcd', () => {
    for (const name of named('db')) {
      expect(compose.services[name]!.environment).toMatchObject({
        PATRONI_NAME: name,
        PATRONI_RESTAPI_CONNECT_ADDRESS: `${addressOf(name)}:8008`,
        PATRONI_POSTGRESQL_CONNECT_ADDRESS: `${addressOf(name)}:5432`,
        PATRONI_ETCD_HOSTS: named('etcd')
          .map((etcd) => `${addressOf(etcd)}:2379`)
          .join(','),
      });
    }
  });

  it('sets every variable that the files name in their heads, and no other', () => {
    const documented = (file: string, prefix: RegExp) =>
      [...read(file).matchAll(/^#   .*$/gm)].flatMap(([line]) => line.match(prefix) ?? []);
    const set = (name: string) => Object.keys(compose.services[name]!.environment!).toSorted();
    expect(set('db1')).toEqual(documented('patroni.yml', /\b[A-Z][A-Z\d]*(_[A-Z\d]+)+\b/g).toSorted());
    expect(set('etcd1')).toEqual(documented('etcd.env', /\bETCD(_[A-Z\d]+)+\b/g).toSorted());
    const inHaproxy = [...read('haproxy.cfg').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
    expect(set('haproxy')).toEqual(inHaproxy.toSorted());
    expect(named('db').map(addressOf)).toEqual(
      named('DB').map((name) => compose.services['haproxy']!.environment![name]),
    );
    expect(Object.keys(parseEnv(read('etcd.env'))).filter((name) => !name.startsWith('ETCD_'))).toEqual([]);
  });

  it('leads servers to HAProxy as a role that owns nothing, and only the migration as the owner', () => {
    for (const name of ['migrate', 'server']) {
      const values = Object.entries(compose.services[name]!.environment!).map(([setting, value]) => [
        setting,
        value.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replace(/\$\{\w+:\?[^}]*\}/g, Buffer.alloc(32).toString('base64')),
      ]);
      const { databaseUrl } = loadConfig(Object.fromEntries(values));
      expect(databaseUrl).toMatch(
        new RegExp(`^postgres://gatehouse_server:.*@${addressOf('haproxy')}:5432/gatehouse$`),
      );
    }
    expect(compose.services['server']!.environment).not.toHaveProperty('DATABASE_OWNER_URL');
    expect(compose.services['migrate']!.environment!['DATABASE_OWNER_URL']).toContain('//gatehouse_owner:');
  });

  it('contains no password, and listens on this machine only', () => {
    const passwords = [...text.matchAll(/(?<=PASSWORD: ).+|(?<=:\/\/\w+:).+(?=@)/g)].map(([password]) => password);
    expect(passwords.length).toBeGreaterThan(4);
    expect(passwords.filter((password) => !/^\$\{\w+:\?/.test(password))).toEqual([]);
    const ports = services.flatMap(([, { ports: own = [] }]) => own);
    expect(ports).toEqual(['127.0.0.1:3000-3002:3000']);
  });
});

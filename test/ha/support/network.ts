import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { Host } from './host.js';
import { killAllIn } from './processes.js';

const PREFIX = 'gatehouse-ha';
const NAMESPACES = '/run/netns';
/** RFC 2544: for tests of network devices, so no real network uses them. */
const FRONT = '198.18';
const BACK = '198.19';

/**
 * Hosts that are network namespaces, with a switch that can cut them off. Each host is in two networks: the hosts talk
 * to each other in the back, which a test can cut; the test itself talks to all of them in the front, which is never cut.
 */
export class Network {
  readonly #hosts: Host[] = [];

  private constructor(
    private readonly name: string,
    private readonly subnet: number,
  ) {}

  /** Removes what crashed runs have left first. */
  static create(): Network {
    removeDeadRuns();
    const network = new Network(`${PREFIX}-${process.pid}`, freeSubnet());
    process.once('exit', network.#removeAtExit);
    process.once('SIGTERM', network.#exit);
    network.#build();
    return network;
  }

  addHost(name: string): Host {
    const number = this.#hosts.length + 11;
    const namespace = `${this.name}-${name}`;
    ip('netns', 'add', namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    const host = new Host(name, namespace, `${FRONT}.${this.subnet}.${number}`, `${BACK}.${this.subnet}.${number}`);
    this.#hosts.push(host);
    for (const side of ['front', 'back'] as const) {
      const port = `${side}-${name}`;
      ip('-n', this.#switch, 'link', 'add', port, 'type', 'veth', 'peer', 'name', side, 'netns', namespace);
      ip('-n', this.#switch, 'link', 'set', port, 'master', side, 'up');
      ip('-n', namespace, 'address', 'add', `${host[side]}/24`, 'dev', side);
      ip('-n', namespace, 'link', 'set', side, 'up');
    }
    return host;
  }

  /** From now on these hosts reach each other only. Packets to the others vanish, as those to a dead machine do. */
  cutOff(...hosts: readonly Host[]): void {
    for (const { name } of hosts) ip('-n', this.#switch, 'link', 'set', `back-${name}`, 'master', 'cut');
  }

  heal(): void {
    for (const { name } of this.#hosts) ip('-n', this.#switch, 'link', 'set', `back-${name}`, 'master', 'back');
  }

  /** Kills all programs of the hosts, and removes the hosts. */
  remove(): void {
    process.off('exit', this.#removeAtExit);
    process.off('SIGTERM', this.#exit);
    removeNamespaces(this.name);
  }

  readonly #removeAtExit = () => removeNamespaces(this.name);
  /** An aborted run of vitest ends this process so. */
  readonly #exit = () => process.exit(1);

  get #switch(): string {
    return `${this.name}-switch`;
  }

  #build(): void {
    ip('netns', 'add', this.#switch);
    for (const bridge of ['front', 'back', 'cut']) {
      ip('-n', this.#switch, 'link', 'add', bridge, 'type', 'bridge');
      ip('-n', this.#switch, 'link', 'set', bridge, 'up');
    }
    // Removed together with its peer in the namespace.
    const own = `gh-ha-${process.pid}`;
    ip('link', 'add', own, 'type', 'veth', 'peer', 'name', 'test', 'netns', this.#switch);
    ip('-n', this.#switch, 'link', 'set', 'test', 'master', 'front', 'up');
    ip('address', 'add', `${FRONT}.${this.subnet}.1/24`, 'dev', own);
    ip('link', 'set', own, 'up');
  }
}

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

function freeSubnet(): number {
  const used = Object.values(networkInterfaces()).flatMap((addresses) => addresses!.map(({ address }) => address));
  for (;;) {
    const subnet = 1 + Math.floor(Math.random() * 254);
    if (!used.some((address) => address.startsWith(`${FRONT}.${subnet}.`))) return subnet;
  }
}

function removeDeadRuns(): void {
  const found = existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : [];
  const pids = found.flatMap((name) => new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1] ?? []);
  for (const pid of new Set(pids)) if (!existsSync(`/proc/${pid}`)) removeNamespaces(`${PREFIX}-${pid}`);
}

/** Synchronous, because a test run that is aborted removes them in its last tick. */
function removeNamespaces(name: string): void {
  for (const namespace of readdirSync(NAMESPACES).filter((each) => each.startsWith(`${name}-`))) {
    killAllIn(namespace);
    ip('netns', 'delete', namespace);
  }
}

import autocannon, { type Request } from 'autocannon';
import { ratioOf, type Spread } from './figure.ts';
import type { ServerProcess } from './server-process.ts';

export const CONNECTIONS = 32;

/** The requests to one side of a comparison. */
export interface Load {
  readonly server: Pick<ServerProcess, 'url' | 'cpuMs'>;
  /** The requests of each connection, created for each round. */
  readonly requests: (connection: number) => Request[];
}

export interface Round {
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** CPU time of the server per request in microseconds; undefined without /proc. */
  readonly cpuMicroseconds: number | undefined;
}

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
}

/**
 * Loads the sides in turn, A B A B …, after a warm-up of each.
 * @throws Error if a server answers anything but 2xx, because the figure would be meaningless
 */
export async function alternate<Side extends string>(
  sides: Readonly<Record<Side, Load>>,
  { rounds, seconds }: Pace,
  each = async (_side: Side, measure: () => Promise<Round>) => measure(),
): Promise<Record<Side, Round[]>> {
  const names = Object.keys(sides) as Side[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as Record<Side, Round[]>;
  for (const name of names) await each(name, () => runRound(sides[name], seconds));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await each(name, () => runRound(sides[name], seconds)));
  }
  return results;
}

/** The ratio of throughput. */
export function faster(ours: readonly Round[], theirs: readonly Round[]): Spread {
  return ratioOf(ours, theirs, (round) => round.perSecond);
}

/** The ratio of CPU time per request, theirs to ours; undefined without /proc. Other processes hardly affect it. */
export function cheaper(ours: readonly Round[], theirs: readonly Round[]): Spread | undefined {
  if ([...ours, ...theirs].some(({ cpuMicroseconds }) => cpuMicroseconds === undefined)) return undefined;
  return ratioOf(theirs, ours, (round) => round.cpuMicroseconds!);
}

/** The same list for every connection, with different starts. */
export function spreadOver(requests: readonly Request[]): Load['requests'] {
  return (connection) => {
    const start = Math.floor((connection * requests.length) / CONNECTIONS);
    return [...requests.slice(start), ...requests.slice(0, start)];
  };
}

async function runRound({ server, requests }: Load, seconds: number): Promise<Round> {
  let connection = 0;
  const cpuBefore = server.cpuMs;
  const result = await autocannon({
    url: server.url,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 100,
    setupClient: (client) => client.setRequests(requests(connection++)),
  });
  const cpuAfter = server.cpuMs;
  const { total } = result.requests;
  const statuses = Object.fromEntries(Object.entries(result.statusCodeStats).map(([code, { count }]) => [code, count]));
  const strange = Object.keys(statuses).filter((code) => !code.startsWith('2'));
  if (strange.length > 0 || result.errors > 0 || total === 0) {
    throw new Error(`${server.url} answered ${JSON.stringify(statuses)}, with ${result.errors} connection errors`);
  }
  return {
    perSecond: total / result.duration,
    p50: result.latency.p50,
    statuses,
    cpuMicroseconds:
      cpuBefore === undefined || cpuAfter === undefined ? undefined : ((cpuAfter - cpuBefore) * 1000) / total,
  };
}

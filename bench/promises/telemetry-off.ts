import { fileURLToPath } from 'node:url';
import type { Request } from 'autocannon';
import { type Bench, cpuNote, type SmallWorld } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { assertSameAnswer, gatehouseEnvironment } from '../gatehouse.ts';
import { alternate, cheaper, faster, spreadOver } from '../load.ts';
import { ServerProcess } from '../server-process.ts';

const MODULES = fileURLToPath(new URL('../servers/gatehouse-modules.ts', import.meta.url));

/**
 * What telemetry costs that is off: the same build, with its telemetry modules and with empty modules in their place.
 * Both run from separate modules instead of the bundle.
 */
export async function telemetryOff(bench: Bench, { database }: SmallWorld, requests: Request[]): Promise<Figure[]> {
  await using off = await start(database.url);
  await using without = await start(database.url, { WITHOUT_TELEMETRY: '1' });
  await assertSameAnswer(off, without, requests[0]!);
  const load = { requests: spreadOver(requests) };
  const rounds = await alternate(
    { 'telemetry off': { server: off, ...load }, 'without telemetry': { server: without, ...load } },
    bench.pace,
  );
  const [ours, theirs] = [rounds['telemetry off'], rounds['without telemetry']];
  const byCpu = cheaper(ours, theirs);
  return [
    {
      id: 'P16',
      what: 'P1 with telemetry off / without its modules',
      goal: { atLeast: 0.99 },
      ratio: faster(ours, theirs),
      note: cpuNote(rounds),
    },
    {
      id: 'P16',
      what: '… by CPU time per request',
      ...(byCpu ? { ratio: byCpu } : { note: 'CPU time needs /proc' }),
    },
  ];
}

function start(databaseUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return ServerProcess.start({ path: MODULES, environment: { ...gatehouseEnvironment(databaseUrl), ...settings } });
}

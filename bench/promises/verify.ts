import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { cpuNote, type Measured } from '../bench.ts';
import { bearer, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';
import { grantScope, seedService, seedServiceKey } from '../seed.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

export const p14: Measured = {
  id: 'P14',
  title: 'middleware that asks POST /v1/verify',
  async measure(bench) {
    await using world = await bench.smallWorld();
    const { database, orgId, keys } = world;
    await seedService(database, { resources: 5, routes: 10 });
    await grantScope(database, 'resource-1:read');
    const serviceKey = await seedServiceKey(database);
    using sdk = buildSdk();
    await using gatehouse = await startGatehouse(database.url);
    await using middleware = await startPeer('behind-verify', database.url, {
      SDK: sdk.path,
      GATEHOUSE: gatehouse.url,
      SERVICE_KEY: serviceKey,
    });
    await using betterAuth = await startPeer('better-auth', database.url, {
      ORG_ID: orgId,
      KEYS: String(keys.length),
    });
    const theirKeys = (await (await fetch(`${betterAuth.url}/keys`)).json()) as string[];
    const ours = keys.map(({ token }) => ({ path: '/resource-1/42', headers: bearer(token) }));
    const theirs = theirKeys.map((key) => ({ path: '/checked', headers: { 'X-API-Key': key } }));
    const rounds = await alternate(
      {
        middleware: { server: middleware, requests: spreadOver(ours) },
        'better-auth': { server: betterAuth, requests: spreadOver(theirs) },
      },
      bench.pace,
    );
    return [
      {
        id: 'P14',
        what: "Fastify with the SDK's middleware, two processes / with better-auth's verifyApiKey in one",
        goal: { atLeast: 5 },
        ratio: faster(rounds.middleware, rounds['better-auth']),
        note: cpuNote(rounds),
      },
    ];
  },
};

/** The SDK as it is published. */
function buildSdk(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-bench-sdk-'));
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  execFileSync(execPath, [compiler, '-p', join(REPOSITORY, 'sdk'), '--outDir', path], { stdio: ['ignore', 2, 2] });
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

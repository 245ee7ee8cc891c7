import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { startGatehouse } from '../gatehouse.ts';
import { Scratch } from '../scratch.ts';
import { seedKeys, seedOrgs } from '../seed.ts';
import { isInstalled, Proxy, PROXY_NAMES } from './proxies.ts';

const USAGE = `npm run refusals -- [--count 20] [--way directly|nginx|haproxy|caddy]… [--node PATH]…
Sends bodies that are too large, or to no route, from real clients, directly and through real proxies, and prints what
each client read. Exits 1 when one read anything but the refusal. --node names further Nodes whose fetch to try.`;
const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    way: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await main();

interface Client {
  readonly name: string;
  readonly command: readonly string[];
}

async function clients(): Promise<Client[]> {
  const found: Client[] = [process.execPath, ...values.node].map((path) => ({
    name: `fetch of ${path === process.execPath ? process.version : path}`,
    command: [path, here('fetch-client.js')],
  }));
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-clients-'));
  const sdk = join(folder, 'sdk-client.mjs');
  const bundle = await rolldown({ input: here('sdk-client.ts'), platform: 'node', logLevel: 'warn' });
  await bundle.write({ file: sdk, format: 'esm' });
  found.push({ name: 'the SDK', command: [process.execPath, sdk] });
  if (isInstalled('curl')) found.push({ name: 'curl', command: ['sh', here('curl-client.sh')] });
  if (
    await run('python3', ['-c', 'import requests']).then(
      () => true,
      () => false,
    )
  ) {
    found.push({ name: 'python-requests', command: ['python3', here('requests_client.py')] });
  }
  if (isInstalled('go', 'version')) {
    const program = join(folder, 'go-client');
    await run('go', ['build', '-o', program, here('client.go')]);
    found.push({ name: 'Go', command: [program] });
  }
  return found;
}

async function main(): Promise<number> {
  await using scratch = await Scratch.open();
  await using database = await scratch.create();
  await seedOrgs(database, 1);
  const [key] = await seedKeys(database, () => 1, 1);
  await using server = await startGatehouse(database.url);
  const calls = [
    { what: '1.1 MiB to a route: 413', path: '/contacts', bytes: 1.1 * MEBIBYTE, key: key!.token, expected: '413' },
    { what: '6 MiB to a route: 413', path: '/contacts', bytes: 6 * MEBIBYTE, key: key!.token, expected: '413' },
    { what: '6 MiB without a key: 401', path: '/contacts', bytes: 6 * MEBIBYTE, key: undefined, expected: '401' },
    { what: '10 MB to no route: 404', path: '/nowhere', bytes: 10_000_000, key: undefined, expected: '404' },
  ];
  const known = await clients();
  let isGood = true;
  const ways = ['directly', ...PROXY_NAMES.filter((name) => isInstalled(name, '-v'))];
  for (const way of values.way ?? ways) {
    await using proxy =
      way === 'directly' ? undefined : await Proxy.start(way as (typeof PROXY_NAMES)[number], server.url);
    for (const { what, path, bytes, key: token, expected } of calls) {
      for (const { name, command } of known) {
        const args = [(proxy ?? server).url + path, String(Math.round(bytes)), values.count, ...(token ? [token] : [])];
        const { stdout } = await run(command[0]!, [...command.slice(1), ...args]);
        const seen = JSON.parse(stdout) as Record<string, number>;
        const read = seen[expected] ?? 0;
        if (read !== Number(values.count)) isGood = false;
        process.stdout.write(
          `${way}, ${name}, ${what}: ${read} of ${values.count}${read === Number(values.count) ? '' : ` ${stdout}`}\n`,
        );
      }
    }
  }
  return isGood ? 0 : 1;
}

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';

const USAGE = `npm run bench -- [P1 P4 …] [--json] [--rounds 5] [--seconds 3]
Measures the named goals, or all, and exits with 1 if a figure misses its goal by more than 0.10.
Scratch databases are created on the server of DATABASE_URL, or on the embedded Postgres.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await run();

async function run(): Promise<number> {
  installPeers();
  // These import the installed peers.
  const { Bench } = await import('./bench.ts');
  const { verdictOf } = await import('./figure.ts');
  const { PROMISES } = await import('./promises/index.ts');
  const { settingOf, settingText, tableOf } = await import('./report.ts');
  const { Scratch } = await import('./scratch.ts');

  const names = positionals.map((name) => name.toUpperCase());
  const unknown = names.filter((name) => !PROMISES.some(({ id }) => id === name));
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  if (unknown.length > 0 || !(rounds >= 1) || !(seconds >= 1)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  await using scratch = await Scratch.open();
  const setting = settingOf(await scratch.version(), rounds, seconds);
  const bench = new Bench(scratch, { rounds, seconds }, say);
  const figures: Figure[] = [];
  for (const promise of PROMISES.filter(({ id }) => names.length === 0 || names.includes(id))) {
    say(`${promise.id}: ${promise.title}`);
    figures.push(...(await promise.measure(bench)));
  }
  const results = figures.map((figure) => ({ ...figure, verdict: verdictOf(figure) }));
  if (values.json) process.stdout.write(`${JSON.stringify({ setting, figures: results }, null, 2)}\n`);
  else process.stdout.write(`${settingText(setting)}\n\n${tableOf(figures)}\n`);
  return results.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

/** Installs the compared libraries on first use, because they are no dependencies of the server. */
function installPeers(): void {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(`${folder}node_modules/better-auth`)) return;
  execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { built } from './dist.ts';
import { explainStatement, type Plan } from './plans/plan.ts';
import { DAYS, fillRequestLog, RARE_A_DAY } from './plans/request-log-filler.ts';
import { TableFiller } from './plans/table-filler.ts';
import { type Answered, timeKeyPaths, timePaths } from './plans/timed-paths.ts';
import { AUDIT_ENTRIES, fillUsage, KEYS } from './plans/usage-filler.ts';
import { WatchedServer } from './plans/watched-server.ts';
import { Scratch } from './scratch.ts';

const USAGE = `npm run explain -- [--rows 1000000] [--log-rows 50000000] [--keys 10000]
Fills a scratch database with so many rows a table, asks the server for its busiest lists, explains the statements that
it ran for them, and writes them to docs/query-plans.md. Exits 1 when no index serves one.
With --log-rows it fills the request log instead, the usage of 10,000 keys in each hour of 30 days, and the audit, asks for
them with each filter, and writes the times to the same page. Exits 1 when an answer takes too long at the median.
With --keys it fills only so many keys with their usage, and writes how long the lists of keys and the sums over them take.
50,000,000 requests take about 35 GB in the directory of the database, which the end of the run frees.`;
const PAGE = fileURLToPath(new URL('../docs/query-plans.md', import.meta.url));

/** The lists that integrations poll and dashboards show. */
const LISTS = [
  '/contacts',
  '/chat/sessions',
  '/chat/sessions/:id/history',
  '/csat/scores',
  '/handoff-analytics/events',
  '/training',
  '/calls',
  '/leads',
  '/manage/v1/api-keys',
  '/manage/v1/audit',
  '/manage/v1/events',
];

/** The further sections of the page, in their order. */
const TIMES = '## Times with many requests';
const KEY_TIMES = '## Times with many keys';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'log-rows': { type: 'string' },
    keys: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(`${USAGE}\n`);
else if (values['log-rows'] !== undefined) process.exitCode = await timeLog(Number(values['log-rows']));
else if (values.keys !== undefined) process.exitCode = await timeKeys(Number(values.keys));
else process.exitCode = await explain(Number(values.rows));

async function explain(rows: number): Promise<number> {
  await using scratch = await Scratch.open();
  await using database = await scratch.create();
  await using server = await WatchedServer.start(database.url);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const filler = await TableFiller.of(client, server.orgId, rows);
    for (const path of LISTS) {
      const { table } = await server.ask(path.replace(':id', filler.parentId));
      process.stderr.write(`fills ${table} for ${path}\n`);
      await filler.fill(table);
    }
    const plans: Plan[] = [];
    for (const path of LISTS) {
      const first = await server.ask(path.replace(':id', filler.parentId));
      plans.push(await explainStatement(client, `GET ${path}`, first));
      const inside = await server.ask(path.replace(':id', filler.parentId), filler.middleCursor);
      plans.push(await explainStatement(client, `GET ${path}, from the middle`, inside));
    }
    writeSection(0, await page(plans, rows, await scratch.version()));
    const bad = plans.filter(({ problems }) => problems.length > 0);
    for (const { name, problems } of bad) process.stderr.write(`${name}: ${problems.join('; ')}\n`);
    return bad.length > 0 ? 1 : 0;
  } finally {
    await client.end();
  }
}

async function page(plans: readonly Plan[], rows: number, version: string): Promise<string> {
  const { markdownTable } = await built<typeof import('../src/programs/generate-docs/markdown-table.ts')>(
    'programs/generate-docs/markdown-table.js',
  );
  const lines = plans.map(({ name, scans, rowsRead, buffers, ms, problems }) => [
    name,
    scans.join(', '),
    String(rowsRead),
    String(buffers),
    ms.toFixed(1),
    problems.join('; ') || 'served by an index',
  ]);
  return [
    '# Query plans of the busiest lists',
    '',
    `\`npm run explain\` writes this page: the results of \`EXPLAIN (ANALYZE, BUFFERS)\` for the statements of these lists, on`,
    `PostgreSQL ${version}. Each table has ${rows.toLocaleString('en')} rows, half of them of the calling org. "Rows" counts the rows that the`,
    'scans read, "Buffers" pages of 8 kB. A list fails if it reads a whole table or sorts more than one page.',
    '',
    markdownTable(['List', 'Scans', 'Rows', 'Buffers', 'ms', 'Verdict'], lines),
    '',
  ].join('\n');
}

/** Each run writes its own section, and keeps those of others. */
function writeSection(index: number, section: string): void {
  const sections = readFileSync(PAGE, 'utf8').split(/^(?=## )/m);
  const [plans = '', ...times] = sections;
  const of = (heading: string) => times.find((text) => text.startsWith(heading)) ?? '';
  const all = [plans, of(TIMES), of(KEY_TIMES)].with(index, section);
  writeFileSync(
    PAGE,
    all
      .filter(Boolean)
      .map((text) => `${text.trimEnd()}\n`)
      .join('\n'),
  );
}

async function timeLog(rows: number): Promise<number> {
  await using scratch = await Scratch.open();
  await using database = await scratch.create();
  await using server = await WatchedServer.start(database.url);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const startMs = performance.now();
  await fillUsage(database.url, server, log);
  await server.sumActivity();
  await fillRequestLog(database.url, rows, server, log);
  const filledMinutes = (performance.now() - startMs) / 60_000;
  const answered = await timePaths(server, server);
  const [version, memory] = [await scratch.version(), await scratch.setting('shared_buffers')];
  const times = await timesSection(answered, { rows, filledMinutes, version, memory });
  writeSection(1, times);
  return reportSlow(answered);
}

async function timeKeys(keys: number): Promise<number> {
  await using scratch = await Scratch.open();
  await using database = await scratch.create();
  await using server = await WatchedServer.start(database.url);
  await fillUsage(database.url, server, (line) => process.stderr.write(`${line}\n`), { keys, hasAudit: false });
  await server.sumActivity();
  const answered = await timeKeyPaths(server, server);
  const [version, memory] = [await scratch.version(), await scratch.setting('shared_buffers')];
  const about = [
    `\`npm run explain -- --keys ${keys}\` writes this section: how long the server takes to answer about an org with ${keys.toLocaleString('en')} keys, each with`,
    `usage in every hour of ${DAYS} days (${(keys * DAYS * 24).toLocaleString('en')} rows), on PostgreSQL ${version} with ${memory} of shared buffers. The run fails if a median is over "at most".`,
    `${new Date().toISOString().slice(0, 10)}, on ${cpus().length} cores.`,
  ];
  writeSection(2, [KEY_TIMES, '', ...about, '', await timesTable(answered), ''].join('\n'));
  return reportSlow(answered);
}

function reportSlow(answered: readonly Answered[]): number {
  const slow = answered.filter(({ medianMs, maxMs, failed }) => medianMs > maxMs || failed > 0);
  for (const { name, medianMs, failed } of slow)
    process.stderr.write(`${name}: ${medianMs.toFixed(0)} ms, ${failed} failed\n`);
  return slow.length > 0 ? 1 : 0;
}

interface TimedRun {
  readonly rows: number;
  readonly filledMinutes: number;
  readonly version: string;
  /** Postgres's shared buffers. */
  readonly memory: string;
}

async function timesSection(
  answered: readonly Answered[],
  { rows, filledMinutes, version, memory }: TimedRun,
): Promise<string> {
  return [
    TIMES,
    '',
    `\`npm run explain -- --log-rows ${rows}\` writes this section: how long the server takes to answer these requests over`,
    `HTTP, on PostgreSQL ${version} with ${memory} of shared buffers. The log has ${rows.toLocaleString('en')} requests of ${DAYS} days, a fifth of them of the asked org and the rest of 10,000`,
    `others; each rare value occurs ${RARE_A_DAY} times a day. The asked org has ${KEYS.toLocaleString('en')} keys, each with usage in every hour of ${DAYS} days`,
    `(${(KEYS * DAYS * 24).toLocaleString('en')} rows), and ${AUDIT_ENTRIES.toLocaleString('en')} audit entries. "First" reads what isn't in memory yet. The run fails if a median is over "at most".`,
    `${new Date().toISOString().slice(0, 10)}, on ${cpus().length} cores; filling took ${filledMinutes.toFixed(0)} minutes.`,
    '',
    await timesTable(answered),
    '',
  ].join('\n');
}

async function timesTable(answered: readonly Answered[]): Promise<string> {
  const { markdownTable } = await built<typeof import('../src/programs/generate-docs/markdown-table.ts')>(
    'programs/generate-docs/markdown-table.js',
  );
  const lines = answered.map(({ name, shown, ...times }) => [
    `\`${name}\``,
    shown === undefined ? '–' : String(shown),
    ...[times.firstMs, times.medianMs, times.slowestMs, times.maxMs, times.failed].map((figure) => figure.toFixed(0)),
  ]);
  return markdownTable(['Request', 'Shown', 'First, ms', 'Median, ms', 'Slowest, ms', 'At most, ms', 'Failed'], lines);
}

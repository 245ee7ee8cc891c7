import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { built } from './dist.ts';
import { explainStatement, type Plan } from './plans/plan.ts';
import { type Answered, timeRequestLog } from './plans/request-log.ts';
import { DAYS, fillRequestLog, RARE_A_DAY } from './plans/request-log-filler.ts';
import { TableFiller } from './plans/table-filler.ts';
import { WatchedServer } from './plans/watched-server.ts';
import { Scratch } from './scratch.ts';

const USAGE = `npm run explain -- [--rows 1000000] [--log-rows 50000000]
Fills a scratch database with so many rows a table, asks the server for its busiest lists, explains the statements that
it ran for them, and writes docs/query-plans.md. Exits 1 when no index serves one.
With --log-rows it fills the request log instead, asks for it with each filter, and writes docs/request-log-times.md. Exits
1 when an answer takes longer than 200 ms at the median. 50,000,000 requests take about 35 GB in the directory of the database.`;
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

const LOG_PAGE = fileURLToPath(new URL('../docs/request-log-times.md', import.meta.url));
const LOG_MS_MAX = 200;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'log-rows': { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(`${USAGE}\n`);
else if (values['log-rows'] !== undefined) process.exitCode = await timeLog(Number(values['log-rows']));
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
    writeFileSync(PAGE, await page(plans, rows, await scratch.version()));
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

async function timeLog(rows: number): Promise<number> {
  await using scratch = await Scratch.open();
  await using database = await scratch.create();
  await using server = await WatchedServer.start(database.url);
  await fillRequestLog(database.url, rows, server, (line) => process.stderr.write(`${line}\n`));
  const answered = await timeRequestLog(server, server);
  writeFileSync(LOG_PAGE, await logPage(answered, rows, await scratch.version()));
  const slow = answered.filter(({ medianMs }) => medianMs > LOG_MS_MAX);
  for (const { name, medianMs } of slow) process.stderr.write(`${name}: ${medianMs.toFixed(0)} ms\n`);
  return slow.length > 0 ? 1 : 0;
}

async function logPage(answered: readonly Answered[], rows: number, version: string): Promise<string> {
  const { markdownTable } = await built<typeof import('../src/programs/generate-docs/markdown-table.ts')>(
    'programs/generate-docs/markdown-table.js',
  );
  const lines = answered.map(({ name, shown, ...times }) => [
    `\`${name}\``,
    shown === undefined ? '–' : String(shown),
    ...[times.firstMs, times.medianMs, times.slowestMs].map((ms) => ms.toFixed(0)),
  ]);
  return [
    '# Times of the request log',
    '',
    `\`npm run explain -- --log-rows ${rows}\` writes this page: how long the server takes to answer these requests over`,
    `HTTP, with ${rows.toLocaleString('en')} requests of ${DAYS} days in the log, on PostgreSQL ${version}. The asked org has a fifth of them, the`,
    `other 10,000 orgs the rest. Each rare value occurs ${RARE_A_DAY} times a day. "First" reads what isn't in memory yet. The run fails`,
    `if a median is over ${LOG_MS_MAX} ms.`,
    '',
    markdownTable(['Request', 'Shown', 'First, ms', 'Median, ms', 'Slowest, ms'], lines),
    '',
  ].join('\n');
}

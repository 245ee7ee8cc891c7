import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { built } from './dist.ts';
import { explainStatement, type Plan } from './plans/plan.ts';
import { TableFiller } from './plans/table-filler.ts';
import { WatchedServer } from './plans/watched-server.ts';
import { Scratch } from './scratch.ts';

const USAGE = `npm run explain -- [--rows 1000000]
Fills a scratch database with so many rows a table, asks the server for its busiest lists, explains the statements that
it ran for them, and writes docs/query-plans.md. Exits 1 when no index serves one.`;
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

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(`${USAGE}\n`);
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

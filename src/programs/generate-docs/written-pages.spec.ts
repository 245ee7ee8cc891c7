import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../core/config/config.js';
import { CONNECTIONS, connectionsMax } from '../../core/database/connection-budget.js';
import { COMMANDS } from '../cli/commands.js';
import { ALL_RETENTION_RULES } from '../../retention-rules.js';

/** The paths of the pages that are not generated. */
const PAGES = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);
const LINKED_PAGES = [...readdirSync('.'), ...readdirSync('docs', { recursive: true }).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .toSorted();
/** Variables in the pages that are not settings of the server. */
const NO_SETTINGS = new Set([
  'FAULTS_SCALE',
  'GATEHOUSE_SERVICE_KEY',
  'HTTPS_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NO_COLOR',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_RESOURCE_ATTRIBUTES',
  'POSTGRES_PASSWORD',
  'SERVER_PASSWORD',
]);

const SETTINGS = new Set(
  Object.keys(parseEnv(readFileSync('.env.example', 'utf8').replaceAll(/^#(?=[A-Z_]+=)/gm, ''))),
);
const COMMAND_NAMES = new Set(Object.keys(COMMANDS));

describe.each(PAGES)('%s', (path) => {
  // Constants in source code look like settings.
  const text = readFileSync(path, 'utf8').replaceAll(/```ts\n[\s\S]*?```/g, '');

  it('names only settings that exist', () => {
    const named = [...text.matchAll(/\b[A-Z]{2,}(?:_[A-Z]+)+\b/g)].map(([name]) => name);
    expect(named.filter((name) => !SETTINGS.has(name) && !NO_SETTINGS.has(name))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const named = [...text.matchAll(/gatehouse (?:-- )?([a-z-]+(?: [a-z-]+){0,2})/g)].map(([, words]) => words!);
    const ofCommands = named.filter((words) =>
      [...COMMAND_NAMES].some((name) => name.split(' ')[0] === words.split(' ')[0]),
    );
    const unknown = ofCommands.filter(
      (words) => ![1, 2, 3].some((count) => COMMAND_NAMES.has(words.split(' ').slice(0, count).join(' '))),
    );
    expect(unknown).toEqual([]);
  });
});

it.each(LINKED_PAGES)('%s links only to files and headings that exist', (path) => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const broken = links.filter(([, file, heading]) => {
    const target = file === '' ? path : join(path, '..', file!);
    return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

it.each(LINKED_PAGES)('%s names only source files that exist', (path) => {
  const text = readFileSync(path, 'utf8');
  const named = [...text.matchAll(/`((?:src|test|migrations|bench|dashboard|sdk)\/[\w./-]+)`/g)].map(
    ([, file]) => file!,
  );
  // Recipes name files that they create.
  expect(named.filter((file) => !/NNNN|canned-/.test(file) && !existsSync(file))).toEqual([]);
});

it('docs/decisions/README.md lists every record with its title', () => {
  const index = readFileSync('docs/decisions/README.md', 'utf8');
  const records = readdirSync('docs/decisions').filter((name) => /^\d{4}-/.test(name));
  const unlisted = records.filter((name) => {
    const [, title] = /^# \d{4}:? (.*)$/m.exec(readFileSync(`docs/decisions/${name}`, 'utf8')) ?? [];
    return !index.split('\n').some((line) => line.includes(`](${name})`) && line.includes(`| ${title} `));
  });
  expect(unlisted).toEqual([]);
});

it('docs/operations.md names every table with a retention rule', () => {
  const text = readFileSync('docs/operations.md', 'utf8');
  expect(ALL_RETENTION_RULES.map(({ table }) => table).filter((table) => !text.includes(`\`${table}\``))).toEqual([]);
});

describe('the connections of a process', () => {
  const standard = loadConfig({});
  const { databasePoolSize } = standard;
  const max = connectionsMax(standard);
  const more = max - databasePoolSize;
  const moreWithoutFastLane = connectionsMax({ ...standard, databaseFastLane: 'off' }) - databasePoolSize;
  const { quickReads, inserts, jobs, lease, unansweredLease } = CONNECTIONS;
  const enough = `# ${max} for each Gatehouse process, so ${Math.floor(200 / max)} of them or fewer.`;

  it.each([
    [
      'docs/operations.md',
      `at most ${max} connections to Postgres: ${databasePoolSize} for requests (\`DATABASE_POOL_SIZE\`), ${quickReads} for quick reads, ` +
        `${inserts} for inserts, ${jobs} for jobs, ${lease} for the lease, and ${unansweredLease} for an earlier lease`,
    ],
    [
      'docs/operations.md',
      `\`DATABASE_POOL_SIZE\` + ${more}, and with \`DATABASE_FAST_LANE=off\` \`DATABASE_POOL_SIZE\` + ${moreWithoutFastLane}.`,
    ],
    ['docs/scaling.md', `processes times ${max} connections`],
    ['.env.example', `up to ${more} more`],
    ['deploy/helm/gatehouse/templates/_helpers.tpl', `ternary ${moreWithoutFastLane} ${more} `],
    ['deploy/helm/gatehouse/templates/_helpers.tpl', `"DATABASE_POOL_SIZE" | default ${databasePoolSize})`],
    ['deploy/ha/patroni.yml', `${enough} max_connections: 200`],
    ['docker-compose.yml', `${enough} command: [postgres, -c, max_connections=200]`],
  ])('are in %s as in the code: %s', (path, words) => {
    expect(readFileSync(path, 'utf8').replaceAll(/\s+/g, ' ')).toContain(words);
  });
});

/** The anchors of the headings, in GitHub's form. */
function headingsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

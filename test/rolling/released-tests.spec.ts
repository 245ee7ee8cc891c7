import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { report } from '../support/report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const VITEST = resolve(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
/**
 * Tests of the last release over its own server. Not those that insert rows of their own into tables that are now
 * partitioned, or read partitions as the server's role: the servers themselves do neither.
 */
const FILES = [
  'contract/s0-org-keys',
  'contract/s1-partner-api',
  'contract/s2-managed-keys',
  'contract/s3-agent-keys',
  'contract/s4-typed-keys',
  'features/audit-chain',
  'features/events',
  'features/key-rotation',
  'features/webhook-deliveries',
].map((name) => `test/${name}.spec.ts`);

const OUTPUT_BYTES_MAX = 64 * 1024 ** 2;
const output = temporaryFolder();

interface Results {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs tests in the folder of the last release. Its server then meets the schema of now. */
async function runThere(files: readonly string[]): Promise<Results> {
  const folder = inject('lastRelease');
  const migrate = join(inject('builtServer'), 'src', 'core', 'database', 'migrate.js');
  await writeFile(
    join(folder, 'test', 'support', 'migrate-template.ts'),
    `export { runMigrations as migrateTemplate } from '${migrate}';\n`,
  );
  const outputFile = join(output, 'results.json');
  const args = ['run', '--project', 'e2e', '--reporter=json', `--outputFile=${outputFile}`, ...files];
  const settings = { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: inject('databaseAdminUrl') };
  const options = { cwd: folder, env: settings, maxBuffer: OUTPUT_BYTES_MAX };
  // Vitest exits with 1 if a test fails, which the results tell.
  const { stderr } = await promisify(execFile)(process.execPath, [VITEST, ...args], options).catch(
    (error: { readonly stderr: string }) => error,
  );
  if (!existsSync(outputFile)) throw new Error(`the tests did not come to an end: ${stderr}`);
  return JSON.parse(await readFile(outputFile, 'utf8')) as Results;
}

test('tests of the last release pass on the new schema', async () => {
  const { numPassedTests, testResults } = await runThere(FILES);
  report('Tests of the last release on the new schema', { passed: numPassedTests, files: testResults.length });
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed'),
  );
  expect(failed.map(({ fullName }) => fullName)).toEqual([]);
  expect(testResults.filter(({ status }) => status !== 'passed').map(({ name }) => name)).toEqual([]);
  expect(testResults).toHaveLength(FILES.length);
  expect(numPassedTests).toBeGreaterThan(100);
});

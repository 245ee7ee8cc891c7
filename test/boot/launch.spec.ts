import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PROCESSES_MS_MAX, REPOSITORY } from './program.js';

const SOURCES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'rolldown.config.js',
  'migrations',
  'sdk',
  'src',
];

vi.setConfig({ testTimeout: PROCESSES_MS_MAX, hookTimeout: PROCESSES_MS_MAX });
let clone: string;
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'gatehouse-clone-'));
  for (const name of SOURCES) await cp(join(REPOSITORY, name), join(clone, name), { recursive: true });
  await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rm(clone, { recursive: true, force: true }));

test('the command line builds itself when dist/ is missing, and keeps stdout to the answer', async () => {
  const command = ['run', '-s', 'gatehouse', '--', 'org', 'create', '--help'];
  const { stdout } = await promisify(execFile)('npm', command, { cwd: clone });
  expect(existsSync(join(clone, 'dist', 'src', 'main.js'))).toBe(true);
  expect(stdout).toMatch(/^Usage: gatehouse org create --name NAME \[--partner ID\] \[--json\]\n/);
});

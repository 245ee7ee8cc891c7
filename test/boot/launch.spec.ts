import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPOSITORY } from './program.js';

let clone: string;
/** A clone after `npm ci`, with a fast build that writes to stdout. `npm test` runs the real build. */
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'gatehouse-clone-'));
  const { scripts, ...manifest } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
  const build = `echo Building && cp -R '${join(REPOSITORY, 'dist')}' dist`;
  const changed = { ...manifest, scripts: { ...scripts, 'build:server': build } };
  await writeFile(join(clone, 'package.json'), JSON.stringify(changed));
  await cp(join(REPOSITORY, 'src', 'programs', 'cli', 'launch.js'), join(clone, 'src', 'programs', 'cli', 'launch.js'));
  await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rm(clone, { recursive: true, force: true }));

test('the command line builds itself if dist/ is missing, without output on stdout', async () => {
  const command = ['run', '-s', 'gatehouse', '--', 'org', 'create', '--help'];
  const { stdout, stderr } = await promisify(execFile)('npm', command, {
    cwd: clone,
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  expect(existsSync(join(clone, 'dist', 'src', 'main.js'))).toBe(true);
  expect(stderr).toContain('Building');
  expect(stdout).toMatch(/^Usage: gatehouse org create --name NAME \[--partner ID\] \[--json\]\n/);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../support/until.js';

const CHILD_PROCESS = resolve(import.meta.dirname, '..', 'support', 'child-process.ts');

async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Z: it has ended, and init has not taken notice of it yet.
  return /\) [^Z]/.test(stat);
}

// Other systems have no signal for the death of a parent: a killed run leaves its servers there. On Linux it never skips.
test.runIf(process.platform === 'linux')('a killed test process leaves no server running', async () => {
  const script = `
    import { Child } from ${JSON.stringify(CHILD_PROCESS)};
    console.log(new Child('sleep', ['600'], {}).pid);`;
  const run = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(run.stdout, 'data')) as [Buffer];
  const pid = Number(output);
  expect(await isRunning(pid)).toBe(true);
  run.kill('SIGKILL');
  await until('the server has ended', async () => !(await isRunning(pid)));
});

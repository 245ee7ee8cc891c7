import { spawn } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPlaces } from '../../src/core/database/embedded-postgres/home.js';
import { stopPostmaster } from '../../src/core/database/embedded-postgres/postmaster.js';
import { freePort } from '../support/free-port.js';
import { cleanClone } from './clean-clone.js';
import { REPOSITORY } from './program.js';

/** A command block of the page, and the output that the page shows for it, if any. */
interface Step {
  readonly commands: string;
  readonly output: string | undefined;
}

const PAGE = 'docs/your-own-service.md';
const SECTION = 'In ten minutes, with nginx';
const FENCES = /^```(sh|text)\n(.*?)^```$/gms;
/** Printed between two steps. */
const SEPARATOR = '\u001e';
/** CI itself starts with this in a clean clone. Here the packages of the repository are linked, which takes no minute. */
const INSTALL = 'npm ci && ';
let clone: string;
beforeAll(async () => {
  clone = await cleanClone();
  await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(async () => {
  // A script that failed may have left the database running.
  const { inDataDir, inSystemDir } = await findPlaces(join(clone, '.data'));
  for (const home of [inDataDir, inSystemDir]) if (home !== undefined) await stopPostmaster(home);
  await rm(clone, { recursive: true, force: true });
});

test('the page "Your own service" works as it is written, but for the ports', async () => {
  const ports = { '3000': await freePort(), '8080': await freePort(), '9000': await freePort() };
  const withPorts = (given: string) =>
    given.replaceAll(/(?<=127\.0\.0\.1(?::|", )|listen )(3000|8080|9000)\b/g, (port) =>
      String(ports[port as keyof typeof ports]),
    );
  for (const file of ['docs/proxies/nginx.conf', 'docs/proxies/example-service.py']) {
    await writeFile(join(clone, file), withPorts(await readFile(join(clone, file), 'utf8')));
  }
  const steps = stepsOf(await readFile(join(clone, PAGE), 'utf8'));
  expect(steps.filter(({ output }) => output !== undefined).length).toBeGreaterThan(3);
  const script = steps.map(({ commands }) => withPorts(commands)).join(`printf '${SEPARATOR}'\n`);
  const startedAt = performance.now();
  const { code, stdout, stderr } = await bash(script.replace(INSTALL, ''), { PORT: String(ports['3000']) });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`  ${PAGE}: ${seconds} s from a clean clone, packages linked\n`);
  const outputs = stdout.split(SEPARATOR);
  const wrong = steps.flatMap(({ commands, output }, index) =>
    output === undefined || shows(output).test(outputs[index] ?? '') ? [] : [{ commands, seen: outputs[index] }],
  );
  expect({ wrong, code, stderr: code === 0 ? '' : stderr }).toEqual({ wrong: [], code: 0, stderr: '' });
});

function stepsOf(page: string): Step[] {
  const section = page.slice(page.indexOf(`## ${SECTION}\n`)).split(/^## /m)[1]!;
  const steps: Step[] = [];
  for (const [, kind, content] of section.matchAll(FENCES)) {
    if (kind === 'sh') steps.push({ commands: content!, output: undefined });
    else steps.push({ ...steps.pop()!, output: content! });
  }
  return steps;
}

/** Matches the output that the page shows; "…" stands for any text of one line. */
function shows(output: string): RegExp {
  const parts = output
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}\\s*$`);
}

/** Runs a script in the clone, with what it leaves running ended. */
async function bash(script: string, settings: Readonly<Record<string, string>>) {
  const { PATH, HOME } = process.env;
  const shell = spawn('bash', ['-e'], {
    cwd: clone,
    env: { PATH, HOME, TMPDIR: tmpdir(), ...settings },
    detached: true,
  });
  const ended = new Promise<number>((end) => shell.once('exit', (code) => end(code ?? 1)));
  const output = Promise.all([text(shell.stdout), text(shell.stderr)]);
  shell.stdin.end(script);
  const code = await ended;
  try {
    process.kill(-shell.pid!, 'SIGTERM');
  } catch {
    // Nothing is left running.
  }
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

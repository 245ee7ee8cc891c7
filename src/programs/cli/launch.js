#!/usr/bin/env node
// The command `gatehouse`. Plain JavaScript that Node 20 can run, so that it runs before the build and finds a newer Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = 24;

const root = new URL('../../../', import.meta.url);
const program = new URL('dist/src/programs/cli/main.js', root);

if (Number(process.versions.node.split('.')[0]) < NODE_NEEDED) runWithInstalledNode();
else await run();

async function run() {
  // Compiling imports takes a third of a command's time.
  module.enableCompileCache();
  if (existsSync(program) || build()) await import(program.href);
}

/** Writes to stderr only, because stdout is for the command's output. */
function build() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:server'], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) {
    console.error('gatehouse: the build failed');
    process.exitCode = 1;
  }
  return status === 0;
}

/** npm installs Node as an optional dependency, in this package or beside it. */
function runWithInstalledNode() {
  const places = ['node_modules/.bin/node', '../.bin/node'].map((path) => fileURLToPath(new URL(path, root)));
  const node = places.find((path) => existsSync(path));
  if (node === undefined) {
    console.error(
      `gatehouse: Node ${process.versions.node} is too old: install Node ${NODE_NEEDED}, or install this package with its optional dependencies`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends it to both.
  process.on('SIGINT', () => undefined);
  child.once('close', (code) => (process.exitCode = code ?? 1));
}

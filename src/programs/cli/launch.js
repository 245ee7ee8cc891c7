// The entry point of `npm run gatehouse`. Plain JavaScript, so that it runs before the build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const program = new URL('dist/src/programs/cli/main.js', root);

// Compiling imports takes a third of a command's time.
enableCompileCache();
if (existsSync(program) || build()) await import(program.href);

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

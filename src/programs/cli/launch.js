// What `npm run gatehouse` runs. Plain JavaScript, because it is there before anything has been built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const program = new URL('dist/src/programs/cli/main.js', root);

// A third of the time that a command takes is compiling what it imports.
enableCompileCache();
if (existsSync(program) || build()) await import(program.href);

/** Says everything on stderr: stdout is the command's. */
function build() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:server'], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) {
    console.error('gatehouse: it is not built, and building it failed');
    process.exitCode = 1;
  }
  return status === 0;
}

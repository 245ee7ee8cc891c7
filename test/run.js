// Runs vitest with the given arguments (by default, all projects). The last line is read by CI: "123 passed, 0 failed".
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Projects that need CPU, and projects that mostly wait for processes, leases and databases, run at the same time. They
 * need two runs of vitest, because one run cannot reuse processes for some files only.
 */
const COMPUTING = ['--project', 'unit', '--project', 'e2e'];
const WAITING = ['--project', '!unit', '--project', '!e2e'];

/** The maximum size of the databases and files of a run. */
const ROOM_BYTES = 4 * 1024 ** 3;
const MEMORY = '/dev/shm';

const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'gatehouse-tests-'));
// The Postgres user of root needs access.
chmodSync(folder, 0o755);
const children = [];
// The children handle these signals. Continue, so that the folder is removed after they have ended.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => children.forEach((child) => child.kill()));

const wanted = process.argv.slice(2);
const settled = await Promise.allSettled(begin());
rmSync(folder, { recursive: true, force: true });
const failure = settled.find(({ status }) => status === 'rejected');
if (failure) {
  console.error(`The tests did not come to an end: ${failure.reason.message}`);
  process.exitCode = 1;
} else {
  const runs = settled.map(({ value }) => value);
  process.exitCode = runs.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
  console.log(closingLine(runs));
}

function begin() {
  if (wanted.length === 0) return [run(COMPUTING), buildAndRun(WAITING)];
  return [wanted[0] === '--project' ? run(wanted) : buildAndRun(wanted)];
}

/**
 * Whether the file system is in memory and large enough. Each test file creates and removes about a thousand files for
 * its database, which takes several times as long on a disk.
 */
function hasRoom(path) {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= ROOM_BYTES;
}

/** Tests in separate processes use the build; the others run the source. */
async function buildAndRun(args) {
  if ((await ended(spawn('npm', ['run', '--silent', 'build'], { stdio: 'inherit' }))) !== 0) {
    children.forEach((child) => child.kill());
    throw new Error('the build failed');
  }
  return run(args, { BUILT_SERVER: 'dist' });
}

async function run(args, more = {}) {
  const outputFile = join(mkdtempSync(join(folder, 'run-')), 'result.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const places = { TMPDIR: folder, TEST_DATA_DIR: join(folder, 'databases') };
  // Shared, because threads and processes of the tests load the same modules.
  const NODE_COMPILE_CACHE = join(folder, 'compile-cache');
  const env = {
    NODE_COMPILE_CACHE,
    ...more,
    ...process.env,
    ...places,
    ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
  };
  const stdout = wanted.length > 0 ? 'inherit' : 'pipe';
  const child = spawn('vitest', ['run', ...reporters, ...args], { stdio: ['inherit', stdout, 'inherit'], env });
  children.push(child);
  // Forward whole lines, so that the output of the two runs stays readable.
  if (child.stdout) createInterface(child.stdout).on('line', (line) => console.log(line));
  const exitCode = await ended(child);
  return { exitCode, result: JSON.parse(readFileSync(outputFile, 'utf8')) };
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Also counts a file that failed to load, and an error outside of tests, as failed. */
function closingLine(runs) {
  const sum = (count) => runs.reduce((all, each) => all + count(each), 0);
  const failed = sum(({ result, exitCode }) => {
    const count = result.numFailedTests + result.testResults.filter(isBroken).length;
    return exitCode !== 0 && count === 0 ? 1 : count;
  });
  const skipped = sum(({ result }) => result.numPendingTests + result.numTodoTests);
  const line = `${sum(({ result }) => result.numPassedTests)} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

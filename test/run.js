// Runs vitest with the arguments given, and ends with the one line that CI reads: "123 passed, 0 failed". Without
// arguments it runs everything.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * What computes, and beside it what mostly waits: for a process to start, a lease to end, a database to come back. Two
 * runs of vitest, for one can't keep its processes for some of its files and have new ones for the others meanwhile.
 */
const COMPUTING = ['--project', 'unit', '--project', 'e2e'];
const WAITING = ['--project', '!unit', '--project', '!e2e'];

/** A run's databases and other files, as large as they get. */
const ROOM_BYTES = 4 * 1024 ** 3;
const MEMORY = '/dev/shm';

const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'gatehouse-tests-'));
// Else root's Postgres user can't enter.
chmodSync(folder, 0o755);
const children = [];
// They end by themselves on Ctrl-C, or when they are told to; the folder is removed after that.
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
 * Is it a file system in memory that is large enough? A database of one's own for each test file is a thousand files made
 * and removed, which on a disk takes several times as long, and longer with each.
 */
function hasRoom(path) {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= ROOM_BYTES;
}

/** What is started as processes is the build; what computes in its own process doesn't need it. */
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
  // Threads and processes that the tests start load the same modules.
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
  // Line by line, so that what two runs say at once can still be read.
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

/** A file that could not even be loaded, and an error outside of any test, count as a failure too. */
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

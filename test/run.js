// Runs vitest with the arguments given, and ends with the one line that CI reads: "123 passed, 0 failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
const outputFile = join(folder, 'result.json');
try {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const { status } = spawnSync('vitest', ['run', ...reporters, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  console.log(closingLine(JSON.parse(readFileSync(outputFile, 'utf8')), process.exitCode));
} catch (error) {
  console.error(`The tests did not come to an end: ${error.message}`);
  process.exitCode ||= 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A file that could not even be loaded, and an error outside of any test, count as a failure too. */
function closingLine({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }, exitCode) {
  const isBroken = ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
  const failed = numFailedTests + testResults.filter(isBroken).length;
  const skipped = numPendingTests + numTodoTests;
  const line = `${numPassedTests} passed, ${exitCode !== 0 && failed === 0 ? 1 : failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

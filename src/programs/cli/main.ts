import { launchable } from './launchable.js';

const [name, ...args] = process.argv.slice(2);
const program = launchable(name, args);
if (program === undefined) {
  const { readEnvironment } = await import('../../core/config/environment.js');
  const { execute } = await import('./execute.js');
  // Deprecation warnings of libraries are not for operators.
  process.noDeprecation = true;
  process.exitCode = await execute(process.argv.slice(2), readEnvironment, console);
} else {
  // Programs read their options from there.
  process.argv.splice(2, 1);
  await program.run();
}

/** Fails the run, with the place: the next major version of pg refuses what it warns about. Warned once per process. */
function failOnDeprecation(warning: Error): void {
  if (warning.name === 'DeprecationWarning' && warning.message.includes('pg@')) throw warning;
}

// Runs before each test file, and files share a process.
if (!process.listeners('warning').some(({ name }) => name === failOnDeprecation.name)) {
  process.on('warning', failOnDeprecation);
}

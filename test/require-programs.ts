import { missingPrograms, SYSTEM_PROGRAMS, type NeedsPrograms } from './support/system-programs.ts';

/** CI must run every project, so a missing program fails the check instead of leaving tests out. */
const missing = Object.keys(SYSTEM_PROGRAMS).flatMap((project) =>
  missingPrograms(project as NeedsPrograms).map((program) => `${program} (test/${project})`),
);
if (missing.length > 0) {
  process.stderr.write(`Install these programs to run every test: ${missing.join(', ')}\n`);
  process.exitCode = 1;
}

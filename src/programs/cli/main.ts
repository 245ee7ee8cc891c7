import { readEnvironment } from '../../core/config/environment.js';
import { execute } from './execute.js';

// Deprecation warnings of libraries are not for operators.
process.noDeprecation = true;
process.exitCode = await execute(process.argv.slice(2), readEnvironment, console);

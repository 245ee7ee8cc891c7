import { readEnvironment } from '../../core/config/environment.js';
import { execute } from './execute.js';

// What libraries find deprecated is nothing to whoever runs a command.
process.noDeprecation = true;
process.exitCode = await execute(process.argv.slice(2), readEnvironment, console);

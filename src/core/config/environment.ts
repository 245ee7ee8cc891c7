import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import type { Environment } from './setting-reader.js';

/** The process's environment, completed by a `.env` file in the working directory. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) loadEnvFile('.env');
  return process.env;
}

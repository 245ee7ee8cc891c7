import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** Returns the version in `package.json`. */
export function serverVersion(): string {
  return (JSON.parse(readFileSync(findPackageJSON('..', import.meta.url)!, 'utf8')) as { version: string }).version;
}

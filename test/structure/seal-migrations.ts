// `npm run version` runs this: what the release ships in migrations/ never changes again.
import { readFileSync, writeFileSync } from 'node:fs';
import { hashesOfMigrations, SEAL_FILE, type Seal } from './support/sealed-migrations.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const seal: Seal = { release: version, files: hashesOfMigrations() };
writeFileSync(SEAL_FILE, `${JSON.stringify(seal, null, 2)}\n`);
process.stdout.write(`Sealed ${Object.keys(seal.files).length} files in migrations/ for ${version}.\n`);

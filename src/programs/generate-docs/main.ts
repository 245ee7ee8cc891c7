import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openApiPage } from './api-document.js';
import { errorsPage } from './errors-page.js';
import { scopesPage } from './scopes-page.js';

/** The generated pages by path. */
const PAGES: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
  'docs/openapi.json': openApiPage,
  'docs/scopes.md': scopesPage,
};

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const [path, page] of Object.entries(PAGES)) {
  if (!options.check) writeFileSync(path, page());
  else if (readIfThere(path) !== page()) {
    console.error(`${path} is not what the source says: run "npm run docs".`);
    process.exitCode = 1;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

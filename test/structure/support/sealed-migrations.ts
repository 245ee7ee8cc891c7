import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** What a release has shipped in `migrations/`. `npm run migrations:seal` writes it. */
export interface Seal {
  readonly release: string;
  /** Hashes by file name, of the migrations and of the functions that they share. */
  readonly files: Readonly<Record<string, string>>;
}

export const SEAL_FILE = 'migrations/sealed.json';

export function readSeal(): Seal {
  return JSON.parse(readFileSync(SEAL_FILE, 'utf8')) as Seal;
}

export function hashesOfMigrations(): Record<string, string> {
  const names = readdirSync('migrations').filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  return Object.fromEntries(names.sort().map((name) => [name, hashOf(readFileSync(`migrations/${name}`, 'utf8'))]));
}

/** The number of a migration's file; undefined for functions that migrations share. */
export function numberOf(name: string): number | undefined {
  const [digits] = /^\d{4}(?=-)/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The SHA-256 of the tokens. Comments and formatting may change, the comments in SQL may not. */
export function hashOf(source: string): string {
  const file = ts.createSourceFile('migration.ts', source, ts.ScriptTarget.Latest);
  const hash = createHash('sha256');
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length === 0) hash.update(`${node.getText(file)}\0`);
    else children.forEach(visit);
  };
  visit(file);
  return hash.digest('hex');
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

export interface Source {
  /** `access/guards/scope.guard.ts` */
  readonly path: string;
  readonly text: string;
  /** The paths of the imported sources. */
  readonly imports: readonly string[];
}

/** The sources of the server, without their specs. */
export const SOURCES: readonly Source[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => {
    const text = readFileSync(join('src', path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });

/** The folder of a feature, such as `tenancy/api-keys`; `.` for the files that assemble the server. */
export function featureOf(path: string): string {
  return folderOf(path, path.startsWith('resources/') ? 3 : 2);
}

/** The folder of a source, cut to `depth` levels. */
export function folderOf(path: string, depth: number): string {
  return dirname(path).split('/').slice(0, depth).join('/');
}

export function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(path), name).replace(/\.js$/, '.ts'))
    .filter((imported) => !imported.startsWith('..'));
}

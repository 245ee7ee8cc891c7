import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Encoding } from '../../core/http/accepted-encoding.js';
import { CachedBody } from '../../core/http/cached-body.js';

/** File names contain a content hash, so a file never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const SUFFIXES = { br: '.br', gzip: '.gz', identity: '' } as const satisfies Record<Encoding, string>;
const ENCODINGS = Object.keys(SUFFIXES) as Encoding[];

/**
 * Reads the files of a folder into memory, by name. A lookup in the map can't leave the folder, as a path could. Returns
 * an empty map if the folder doesn't exist, and skips types that pages don't load.
 */
export function readStaticFiles(folder: string): ReadonlyMap<string, CachedBody> {
  const names = new Set(namesIn(folder));
  const files = [...names].flatMap((name): [string, CachedBody][] => {
    const type = TYPES[extname(name)];
    if (type === undefined) return [];
    const written = ENCODINGS.filter((encoding) => names.has(name + SUFFIXES[encoding]));
    const bodies = written.map(
      (encoding) => [encoding, readFileSync(join(folder, name + SUFFIXES[encoding]))] as const,
    );
    return [[name, new CachedBody({ type, cacheControl: IMMUTABLE }, new Map(bodies))]];
  });
  return new Map(files);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

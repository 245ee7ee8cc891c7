import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Encoding } from '../../core/http/accepted-encoding.js';
import { CachedBody } from '../../core/http/cached-body.js';

/** The name of each changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const SUFFIXES = { br: '.br', gzip: '.gz', identity: '' } as const satisfies Record<Encoding, string>;
const ENCODINGS = Object.keys(SUFFIXES) as Encoding[];

/**
 * The files of a folder by name, in memory: whatever a path says, it leads to one of them or nowhere. Empty where
 * there is no such folder. Only types that a page is made of are taken.
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
    return [[name, new CachedBody({ type, cacheControl: FOREVER }, new Map(bodies))]];
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

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A text in lower-case ASCII letters, digits and dashes: `Größe & Gewicht` → `groesse-and-gewicht`. The library is loaded by
 * the first call, because it makes a dozen large patterns.
 */
export function slugify(text: string): string {
  const { default: slugOf } = require('@sindresorhus/slugify') as typeof import('@sindresorhus/slugify');
  // Full-width letters and fractions become plain ones.
  return slugOf(text.normalize('NFKC'), { decamelize: false });
}

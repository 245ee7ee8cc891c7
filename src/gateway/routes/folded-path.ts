import { trimEnd } from '../../core/validation/trim-end.js';

const NOT_ASCII = /[^\0-\x7f]/;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}+/gu;

/**
 * A form that is equal for all paths that some server takes for the same: in any case, in any Unicode normalization
 * (as NFKC_Casefold), with dots after a segment, which Windows drops.
 */
export function foldedPath(path: string): string {
  const caseless = NOT_ASCII.test(path) ? caselessForm(path) : path.toLowerCase();
  if (!caseless.includes('./') && !caseless.endsWith('.')) return caseless;
  return caseless
    .split('/')
    .map((segment) => trimEnd(segment, '.'))
    .join('/');
}

function caselessForm(path: string): string {
  const visible = path.normalize('NFKC').replace(IGNORABLE, '');
  return visible.toUpperCase().toLowerCase().normalize('NFKC');
}

import { Matches } from 'class-validator';
import { slugify } from '../../../core/validation/slugify.js';

const CHARACTERS_MAX = 100;
/** For what tells two of the same apart. */
const DERIVED_CHARACTERS_MAX = 90;
/** A part of a URL. */
export function IsSlug(): PropertyDecorator {
  return Matches(/^[a-z0-9-]{1,100}$/, {
    message: `$property must be 1 to ${CHARACTERS_MAX} lower-case letters, digits and dashes`,
  });
}

/**
 * A title as a part of a URL: `Größe & Gewicht` → `groesse-and-gewicht`.
 * @param otherwise for titles in scripts that have no letter of ours
 */
export function slugOf(title: string, otherwise: string): string {
  return slugify(title).slice(0, DERIVED_CHARACTERS_MAX).replace(/-$/, '') || otherwise;
}

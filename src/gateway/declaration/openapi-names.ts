import { createHash } from 'node:crypto';
import { oneLine } from '../../core/validation/one-line.js';
import { canonicalName, isName } from '../../core/validation/name.js';
import { slugify } from '../../core/validation/slugify.js';
import { trimEnd } from '../../core/validation/trim-end.js';
import { DESCRIPTION_CHARACTERS_MAX, LABEL_CHARACTERS_MAX } from './name-limits.js';
import { isList, isText, objectOr, type Json } from '../../kit/openapi-document/json-values.js';

const NAME_CHARACTERS_MAX = 31;
const DIGEST_CHARACTERS = 6;

/** Names and descriptions of the resources that the operations of a document need. */
export class ResourceNames {
  /** By name. */
  readonly #slugs = new Map<string, string>();
  /** By slug. */
  readonly #tags = new Map<string, Json>();

  constructor(tags: unknown) {
    for (const tag of (isList(tags) ? tags : []).map(objectOr)) {
      const { name } = tag;
      if (isText(name) && !this.#tags.has(slugOf(name))) this.#tags.set(slugOf(name), tag);
    }
  }

  /** The name of the resource of a tag. Tags of one slug share it, others never do. */
  nameOfTag(tag: string): string | undefined {
    const slug = slugOf(tag);
    if (!this.#tags.has(slug)) this.#tags.set(slug, { name: tag });
    return this.nameOf(tag);
  }

  /**
   * As of a tag, for a segment of a path.
   * @returns undefined: the text has no letter or digit of ours
   */
  nameOf(text: string): string | undefined {
    const slug = slugOf(text);
    if (slug === '') return undefined;
    const plain = /^[a-z]/.test(slug) ? slug : `n-${slug}`;
    const isFree = (this.#slugs.get(plain) ?? slug) === slug;
    const name = plain.length <= NAME_CHARACTERS_MAX && isFree ? plain : withDigest(plain, slug);
    this.#slugs.set(name, slug);
    return name;
  }

  /** A label and description for people, from the tag of the resource if the document has one. */
  describe(name: string): { readonly label: string; readonly description: string } {
    const tag = this.#tags.get(this.#slugs.get(name) ?? name) ?? {};
    const label = [tag['x-displayName'], tag['name']].map((text) => shortened(text, LABEL_CHARACTERS_MAX)).find(isName);
    return {
      label: capitalized(label ?? name.replaceAll(/[-_]/g, ' ')),
      description: descriptionOf(tag['description']),
    };
  }
}

function withDigest(name: string, slug: string): string {
  const digest = createHash('sha256').update(slug).digest('hex').slice(0, DIGEST_CHARACTERS);
  return `${trimEnd(name.slice(0, NAME_CHARACTERS_MAX - DIGEST_CHARACTERS - 1), '-')}-${digest}`;
}

/** The first paragraph, on one line; empty if there is none. */
export function descriptionOf(text: unknown): string {
  const [paragraph = ''] = isText(text) ? text.trim().split(/\n\s*\n/, 1) : [];
  return shortened(paragraph, DESCRIPTION_CHARACTERS_MAX);
}

/** A text as a name; empty if it has no visible character. */
export function shortened(text: unknown, max: number): string {
  if (!isText(text)) return '';
  const [...characters] = oneLine(text.slice(0, 4 * max).toWellFormed()).replaceAll(/ +/g, ' ');
  const cut = characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : characters.join('');
  const name = canonicalName(cut, max);
  return isName(name) && [...name].length <= max ? name : '';
}

function slugOf(text: string): string {
  return slugify(text.slice(0, LABEL_CHARACTERS_MAX));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const TAGS_MAX = 20;
export const METADATA_PAIRS_MAX = 50;
export const EXTERNAL_ID_CHARACTERS_MAX = 200;
export const VALUE_CHARACTERS_MAX = 500;
export const NAME_CHARACTERS_MAX = 40;
const TAG_CHARACTERS_MAX = 50;
const PAIR_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;

/** A pair of metadata, as a row of the form. */
export interface MetadataPair {
  readonly name: string;
  readonly value: string;
}

/** The problem of a tag; undefined if it is valid. */
export function validateTag(tag: string): string | undefined {
  return [...tag].length > TAG_CHARACTERS_MAX ? `A tag has at most ${TAG_CHARACTERS_MAX} characters.` : undefined;
}

export function validateTags(tags: readonly string[]): string | undefined {
  if (tags.length > TAGS_MAX) return `A key has at most ${TAGS_MAX} tags.`;
  return tags.map(validateTag).find((problem) => problem !== undefined);
}

/** The problem of the first pair that has one. Rows without a name and a value are left out of the key. */
export function validatePairs(pairs: readonly MetadataPair[]): string | undefined {
  const given = pairs.filter(isGiven);
  const names = given.map(({ name }) => name.trim());
  const badName = names.find((name) => !PAIR_NAME.test(name));
  if (badName === '') return 'Each value needs a key.';
  if (badName !== undefined) return `“${badName}” can't be a key: use letters, digits, dots, dashes and underscores.`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `“${twice}” is there twice.`;
}

/** A row that is not empty. */
export function isGiven({ name, value }: MetadataPair): boolean {
  return name.trim() !== '' || value !== '';
}

export function pairsOf(metadata: Readonly<Record<string, string>>): MetadataPair[] {
  return Object.entries(metadata).map(([name, value]) => ({ name, value }));
}

export function metadataOf(pairs: readonly MetadataPair[]): Record<string, string> {
  return Object.fromEntries(pairs.filter(isGiven).map(({ name, value }) => [name.trim(), value]));
}

/** A merge patch (RFC 7396) from one state to the other: null removes a pair. */
export function metadataChange(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.entries(after).filter(
    ([name, value]) => !Object.hasOwn(before, name) || before[name] !== value,
  );
  return Object.fromEntries([...removed.map((name) => [name, null]), ...changed]) as Record<string, string | null>;
}

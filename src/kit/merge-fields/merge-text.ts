/** `{{ name }}` or `{{ name | default: "text" }}`, without the braces. */
const FIELD = /^\s*([\w.-]+)\s*(?:\|\s*default\s*:\s*(?:"([^"]*)"|'([^']*)')\s*)?$/;
const [OPEN, CLOSE] = ['{{', '}}'];
const SHOWN_CHARACTERS_MAX = 60;

/** Returns the value of a field, empty if the recipient has none; undefined if there is no such field. */
export type MergeValues = (field: string) => string | undefined;

/** A part of a text: as it stands, or a field with the value that replaces an empty one. */
type Part = { readonly raw: string } & (
  { readonly field?: undefined } | { readonly field: string; readonly preset: string }
);

/** Splits a text at its fields, in linear time. A part that is no field although it starts like one is `isBroken`. */
function* partsOf(text: string): Generator<Part & { readonly isBroken?: true }> {
  let from = 0;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
    yield { raw: text.slice(from, open) };
    const close = text.indexOf(CLOSE, open + OPEN.length);
    from = close < 0 ? text.length : close + CLOSE.length;
    const raw = text.slice(open, from);
    // Editors of HTML write quotes as entities.
    const inside = close < 0 ? '' : raw.slice(OPEN.length, -CLOSE.length).replaceAll('&quot;', '"');
    const [, field, double, single] = FIELD.exec(inside) ?? [];
    yield field === undefined ? { raw, isBroken: true } : { raw, field, preset: double ?? single ?? '' };
  }
  yield { raw: text.slice(from) };
}

export function hasMergeFields(text: string): boolean {
  return text.includes(OPEN);
}

/**
 * Returns what is wrong with the first unusable field of a text, as the end of a sentence; undefined if none is.
 * @param isKnown whether a field exists
 * @param known names the fields that exist
 */
export function findMergeProblem(text: string, isKnown: (field: string) => boolean, known: string): string | undefined {
  for (const { raw, field, isBroken } of partsOf(text)) {
    const shown = raw.slice(0, SHOWN_CHARACTERS_MAX).toWellFormed();
    if (isBroken) return `has a merge field that can't be read: ${shown}. Write {{contact.name | default: "there"}}`;
    if (field !== undefined && !isKnown(field)) return `has an unknown merge field: ${shown}. Known are ${known}`;
  }
  return undefined;
}

/** Replaces the fields of a text. Unknown and broken ones, as earlier versions saved them, stay as they are. */
export function mergeText(text: string, values: MergeValues, escape = (value: string) => value): string {
  let merged = '';
  for (const part of partsOf(text)) {
    const value = part.field === undefined ? undefined : values(part.field);
    merged += value === undefined ? part.raw : escape(value || (part as { preset: string }).preset);
  }
  return merged;
}

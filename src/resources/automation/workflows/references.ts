/** Values that references resolve to: `trigger`, and the results of steps by id. */
export type References = Readonly<Record<string, unknown>>;

/** `{{trigger.session_id}}`, `{{look-up.body.items.0.name}}`: a source and the path of a field. */
const REFERENCE = /\{\{\s*([\w-]{1,64})((?:\.[\w-]{1,64}){1,16})\s*\}\}/g;

/** Limit of all values that references insert into one step's input. */
export const RESOLVED_CHARACTERS_MAX = 262_144;

type Escape = (text: string) => string;

interface Resolution {
  readonly references: References;
  readonly escape: Escape | undefined;
  /** Remaining characters. Negative: the limit was exceeded. */
  left: number;
}

export interface Reference {
  /** With its braces. */
  readonly text: string;
  /** `trigger` or a step's id. Undefined: the text in braces is not a valid reference. */
  readonly source: string | undefined;
}

/** Finds the references in a value, nested ones too. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') {
    return textsInBraces(value).map((text) => {
      return { text, source: [...text.matchAll(REFERENCE)].find(([whole]) => whole === text)?.[1] };
    });
  }
  return childrenOf(value).flatMap(([, child]) => referencesIn(child));
}

/** Lists the first field of each reference to a source, such as `contact` of `{{trigger.contact.email}}`. */
export function fieldsReferredTo(value: unknown, source: string): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)]
      .filter((match) => match[1] === source)
      .map((match) => match[2]!.split('.')[1]!);
  }
  return childrenOf(value).flatMap(([, child]) => fieldsReferredTo(child, source));
}

/** From `{{` to the next `}}`. A regular expression would take quadratic time. */
function textsInBraces(text: string): string[] {
  const found: string[] = [];
  let end = 0;
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', end)) {
    const close = text.indexOf('}}', start + 2);
    if (close < 0) break;
    end = close + 2;
    found.push(text.slice(start, end));
  }
  return found;
}

/**
 * Resolves the references in a value. A string that is a single reference becomes its value with its type. In a longer
 * string the value is inserted as text, and a missing value as the empty string.
 * @param escape applied to inserted text, such as HTML escaping; then all values become text
 * @returns undefined if the inserted values exceed the limit
 */
export function resolveReferences(
  value: unknown,
  references: References,
  escape?: Escape,
): { readonly value: unknown } | undefined {
  const resolution = { references, escape, left: RESOLVED_CHARACTERS_MAX };
  const resolved = resolve(value, resolution);
  return resolution.left < 0 ? undefined : { value: resolved };
}

function resolve(value: unknown, resolution: Resolution): unknown {
  if (typeof value === 'string') return resolveText(value, resolution);
  const children = childrenOf(value);
  if (Array.isArray(value)) return children.map(([, child]) => resolve(child, resolution));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(children.map(([name, child]) => [name, resolve(child, resolution)]));
}

function resolveText(text: string, resolution: Resolution): unknown {
  const { references, escape } = resolution;
  const [only] = text.matchAll(REFERENCE);
  if (only?.[0] === text && escape === undefined) {
    const value = lookUp(only, references);
    spend(resolution, textOf(value));
    return value;
  }
  return text.replace(REFERENCE, (...match: string[]) => {
    if (resolution.left < 0) return '';
    const written = textOf(lookUp(match, references));
    return spend(resolution, escape === undefined ? written : escape(written));
  });
}

/** Counts the text against the limit. @returns the empty string once the limit is exceeded */
function spend(resolution: Resolution, text: string): string {
  if (resolution.left >= 0) resolution.left -= text.length;
  return resolution.left < 0 ? '' : text;
}

/** Reads own properties only. @returns null for a missing one */
function lookUp([, source, path]: readonly string[], references: References): unknown {
  const names = [source!, ...path!.slice(1).split('.')];
  return names.reduce<unknown>((found, name) => {
    return typeof found === 'object' && found !== null && Object.hasOwn(found, name)
      ? (found as Record<string, unknown>)[name]
      : null;
  }, references);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function childrenOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

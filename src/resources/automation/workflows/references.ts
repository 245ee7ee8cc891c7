/** What references are looked up in: `trigger`, and the results of steps by their ids. */
export type References = Readonly<Record<string, unknown>>;

/** `{{trigger.session_id}}`, `{{look-up.body.items.0.name}}`: a step's id, and the way to one of its fields. */
const REFERENCE = /\{\{\s*([\w-]{1,64})((?:\.[\w-]{1,64}){1,16})\s*\}\}/g;

/** In one step's input, with what the references stand for. */
export const RESOLVED_CHARACTERS_MAX = 262_144;

type Escape = (text: string) => string;

interface Resolution {
  readonly references: References;
  readonly escape: Escape | undefined;
  /** Characters that may still be put in; negative: it was more than anybody means. */
  left: number;
}

export interface Reference {
  /** As it was written. */
  readonly text: string;
  /** `trigger`, or a step's id; undefined: what is in the braces is no reference. */
  readonly source: string | undefined;
}

/** Every reference in a value, in its lists and objects too. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') {
    return textsInBraces(value).map((text) => {
      return { text, source: [...text.matchAll(REFERENCE)].find(([whole]) => whole === text)?.[1] };
    });
  }
  return childrenOf(value).flatMap(([, child]) => referencesIn(child));
}

/** The first field of what each reference looks up, such as `contact` of `{{trigger.contact.email}}`. */
export function fieldsReferredTo(value: unknown, source: string): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)]
      .filter((match) => match[1] === source)
      .map((match) => match[2]!.split('.')[1]!);
  }
  return childrenOf(value).flatMap(([, child]) => fieldsReferredTo(child, source));
}

/** Each from `{{` to the next `}}`. (As a pattern it takes a time that grows with the square of the text.) */
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
 * The value with what its references stand for. A text that is one reference becomes what it stands for, a number, a
 * list or null as it is; in a longer text it is written out, and what isn't there is nothing.
 * @param escape for texts that are in a language of their own: of what is written out; then all of it is
 * @returns undefined when it would be more than anybody means
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

/** Once it is spent nothing more is written, however much is asked for. */
function spend(resolution: Resolution, text: string): string {
  if (resolution.left >= 0) resolution.left -= text.length;
  return resolution.left < 0 ? '' : text;
}

/** Null: there is no such thing. Only what was put there counts, never what every object inherits. */
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

/** What references are looked up in: `trigger`, and the results of steps by their ids. */
export type References = Readonly<Record<string, unknown>>;

/** `{{trigger.session_id}}`, `{{look-up.body.items.0.name}}`: a step's id, and the way to one of its fields. */
const REFERENCE = /\{\{\s*([\w-]{1,64})((?:\.[\w-]{1,64}){1,16})\s*\}\}/g;
const ANYTHING_IN_BRACES = /\{\{.*?\}\}/gs;

/** In one step's input, with what the references stand for. */
export const RESOLVED_CHARACTERS_MAX = 262_144;

export interface Reference {
  /** As it was written. */
  readonly text: string;
  /** `trigger`, or a step's id; undefined: what is in the braces is no reference. */
  readonly source: string | undefined;
}

/** Every reference in a value, in its lists and objects too. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') {
    return (value.match(ANYTHING_IN_BRACES) ?? []).map((text) => {
      return { text, source: [...text.matchAll(REFERENCE)].find(([whole]) => whole === text)?.[1] };
    });
  }
  return childrenOf(value).flatMap(([, child]) => referencesIn(child));
}

/**
 * The value with what its references stand for. A text that is one reference becomes what it stands for, a number, a
 * list or null as it is; in a longer text it is written out, and what isn't there is nothing.
 * @returns undefined when it would be more than anybody means
 */
export function resolveReferences(value: unknown, references: References): { readonly value: unknown } | undefined {
  const budget = { left: RESOLVED_CHARACTERS_MAX };
  const resolved = resolve(value, references, budget);
  return budget.left < 0 ? undefined : { value: resolved };
}

function resolve(value: unknown, references: References, budget: { left: number }): unknown {
  if (typeof value === 'string') return resolveText(value, references, budget);
  const children = childrenOf(value);
  if (Array.isArray(value)) return children.map(([, child]) => resolve(child, references, budget));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(children.map(([name, child]) => [name, resolve(child, references, budget)]));
}

function resolveText(text: string, references: References, budget: { left: number }): unknown {
  const [only] = text.matchAll(REFERENCE);
  if (only?.[0] === text) {
    const value = lookUp(only, references);
    budget.left -= budget.left < 0 ? 0 : textOf(value).length;
    return value;
  }
  return text.replace(REFERENCE, (...match: string[]) => {
    if (budget.left < 0) return '';
    const written = textOf(lookUp(match, references));
    budget.left -= written.length;
    return budget.left < 0 ? '' : written;
  });
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

import type { DeclarationChanges } from './declaration-changes.js';
import type { ServiceRoute } from './service-declaration.js';

/** A change as a line for people. */
export interface ChangeLine {
  /** Added, changed, removed. */
  readonly sign: '+' | '~' | '-';
  readonly text: string;
  /** The scope that the line adds or removes. */
  readonly scope?: string;
  /** The need that a route had and has. */
  readonly needs?: { readonly before: string; readonly after: string };
}

/** The changes in the order of a declaration: the service, its resources and scopes, its routes. */
export function changeLines({ service, isNew, fields, resources, scopes, routes }: DeclarationChanges): ChangeLine[] {
  return [
    ...(isNew ? [{ sign: '+', text: `service ${service}` } as const] : []),
    ...fields.map(({ field, before, after }) => line('~', `${field}: ${quoted(before)} → ${quoted(after)}`)),
    ...resources.added.map(({ name, label }) => line('+', `resource ${name}: ${quoted(label)}`)),
    ...resources.changed.flatMap(({ before, after }) =>
      (['label', 'description'] as const)
        .filter((field) => before[field] !== after[field])
        .map((field) =>
          line('~', `resource ${after.name}, ${field}: ${quoted(before[field])} → ${quoted(after[field])}`),
        ),
    ),
    ...resources.removed.map(({ name, label }) => line('-', `resource ${name}: ${quoted(label)}`)),
    ...scopes.added.map((scope) => ({ ...line('+', `scope ${scope}`), scope })),
    ...scopes.removed.map((scope) => ({ ...line('-', `scope ${scope}`), scope })),
    ...routes.added.map((route) => line('+', `route ${placeOf(route)}: ${needOf(route)}`)),
    ...routes.changed.map(({ before, after }): ChangeLine => {
      const from = before.path === after.path ? '' : `, before ${before.path}`;
      const [was, is] = [needOf(before), needOf(after)];
      const need = was === is ? is : `${was} → ${is}`;
      const changed = line('~', `route ${placeOf(after)}${from}: ${need}`);
      return before.needs === after.needs
        ? changed
        : { ...changed, needs: { before: before.needs, after: after.needs } };
    }),
    ...routes.removed.map((route) => line('-', `route ${placeOf(route)}: ${needOf(route)}`)),
  ];
}

/**
 * Renders changes as text, one change a line.
 * @param note is appended to a line in parentheses, such as the number of keys that hold a scope
 */
export function describeChanges(
  changes: DeclarationChanges,
  note: (line: ChangeLine) => string | undefined = () => undefined,
): string[] {
  return changeLines(changes).map((each) => {
    const words = note(each);
    return `${each.sign} ${each.text}${words === undefined ? '' : ` (${words})`}`;
  });
}

function line(sign: ChangeLine['sign'], text: string): ChangeLine {
  return { sign, text };
}

function placeOf({ methods, path }: ServiceRoute): string {
  return `${methods.join(',')} ${path}`;
}

function needOf({ needs, reason }: ServiceRoute): string {
  return reason === undefined ? needs : `${needs} (${reason})`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

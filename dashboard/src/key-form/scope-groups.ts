import type { ScopeCatalogue, ScopeEntry } from '../api/wire';

/** The resources of a service, or the built-in ones. */
export interface ScopeGroup {
  /** The slug of the service; null: built in. */
  readonly service: string | null;
  readonly label: string;
  readonly description: string;
  readonly entries: readonly ScopeEntry[];
  /** The actions that are columns; undefined: there are too many, or they are too long. */
  readonly columns: readonly string[] | undefined;
}

const COLUMNS_MAX = 4;
const COLUMN_CHARACTERS_MAX = 8;

/** The scopes that a key can have, in groups: the built-in ones of its audience, then each service. */
export function groupsOf({ items, services }: ScopeCatalogue, audience: ScopeEntry['audience']): ScopeGroup[] {
  const builtIn = items.filter((entry) => entry.service === null && entry.audience === audience);
  const groups = [
    { service: null, label: 'Built-in resources', description: '', entries: builtIn },
    ...services.map(({ service, label, description }) => ({
      service,
      label,
      description,
      entries: items.filter((entry) => entry.service === service),
    })),
  ];
  return groups
    .filter(({ entries }) => entries.length > 0)
    .map((group) => ({ ...group, columns: columnsOf(group.entries) }));
}

function columnsOf(entries: readonly ScopeEntry[]): string[] | undefined {
  const actions = [...new Set(entries.flatMap((entry) => entry.actions))];
  const isNarrow = actions.length <= COLUMNS_MAX && actions.every(({ length }) => length <= COLUMN_CHARACTERS_MAX);
  return isNarrow ? actions : undefined;
}

export function scopeOf({ resource }: Pick<ScopeEntry, 'resource'>, action: string): string {
  return `${resource}:${action}`;
}

export function scopesOf(entry: Pick<ScopeEntry, 'resource' | 'actions'>): string[] {
  return entry.actions.map((action) => scopeOf(entry, action));
}

/** Whether the search finds the entry, or the name of its service. */
export function matches({ resource, label, description, service, service_label }: ScopeEntry, search: string): boolean {
  const text = [resource, label, description, service, service_label].join(' ').toLowerCase();
  return text.includes(search.trim().toLowerCase());
}

import type { Catalogue, Index } from './catalogue.js';

/**
 * What a server that was made for the old schema can't do on the new one: statements that fail, and rows that are
 * refused. One sentence each.
 */
export function breaksBetween(old: Catalogue, now: Catalogue): string[] {
  return [...lost(old, now), ...changedColumns(old, now), ...newColumns(old, now), ...newRules(old, now)].sort();
}

function lost(old: Catalogue, now: Catalogue): string[] {
  const keys = new Set([...now.indexes.values()].filter(({ isUnique }) => isUnique).map(keyOf));
  return [
    // A table may become partitioned.
    ...[...old.relations].flatMap(([name, { kind }]) => {
      const found = now.relations.get(name)?.kind.replace('p', 'r');
      return found === kind.replace('p', 'r') ? [] : [`${name} is gone`];
    }),
    ...[...old.columns].flatMap(([name, { table }]) =>
      now.relations.has(table) && !now.columns.has(name) ? [`${name} is gone`] : [],
    ),
    ...[...old.functions.keys()].filter((name) => !now.functions.has(name)).map((name) => `${name} is gone`),
    // ON CONFLICT names the columns of a unique key.
    ...[...old.indexes.values()].flatMap((index) =>
      index.isUnique && now.relations.has(index.table) && !keys.has(keyOf(index))
        ? [`the key ${keyOf(index)} is gone`]
        : [],
    ),
  ];
}

function changedColumns(old: Catalogue, now: Catalogue): string[] {
  return [...old.columns].flatMap(([name, before]) => {
    const after = now.columns.get(name);
    if (after === undefined) return [];
    return [
      ...(after.type === before.type ? [] : [`${name} is ${after.type}, and was ${before.type}`]),
      ...(after.isRequired && !before.isRequired ? [`${name} becomes NOT NULL`] : []),
      ...(before.isFilled && !after.isFilled ? [`${name} loses its default`] : []),
    ];
  });
}

function newColumns(old: Catalogue, now: Catalogue): string[] {
  return [...now.columns].flatMap(([name, { table, isRequired, isFilled }]) =>
    old.relations.has(table) && !old.columns.has(name) && isRequired && !isFilled
      ? [`${name} is NOT NULL without a default`]
      : [],
  );
}

/** Rules about columns that the old server leaves NULL can't refuse its rows. */
function newRules(old: Catalogue, now: Catalogue): string[] {
  const areUnknown = (table: string, columns: readonly (string | null)[]) =>
    columns.length > 0 &&
    columns.every((column) => {
      const name = `${table}.${column}`;
      return column !== null && !old.columns.has(name) && now.columns.get(name)!.isRequired === false;
    });
  const oldKeys = new Set([...old.indexes.values()].filter(({ isUnique }) => isUnique).map(keyOf));
  return [
    ...[...now.constraints].flatMap(([name, { table, columns, definition }]) =>
      old.relations.has(table) && old.constraints.get(name)?.definition !== definition && !areUnknown(table, columns)
        ? [`${name} is a new rule`]
        : [],
    ),
    ...[...now.indexes.values()].flatMap((index) =>
      index.isUnique &&
      old.relations.has(index.table) &&
      !oldKeys.has(keyOf(index)) &&
      !areUnknown(index.table, index.columns)
        ? [`${keyOf(index)} is a new key`]
        : [],
    ),
  ];
}

function keyOf({ table, definition }: Index): string {
  return `${table} ${definition}`;
}

/** How one migration keeps requests to tables of the old schema waiting for longer than a moment. */
export function blockingBetween(
  old: Catalogue,
  before: Catalogue,
  after: Catalogue,
  isOneTransaction: boolean,
): string[] {
  const rewritten = [...old.relations].flatMap(([name, { kind }]) => {
    const files = [before, after].map(({ relations }) => relations.get(name)?.file);
    return kind === 'r' && files[0] !== files[1] && after.relations.get(name)?.kind === 'r' ? [`rewrites ${name}`] : [];
  });
  const indexed = [...after.indexes].flatMap(([name, { table }]) =>
    isOneTransaction && old.relations.has(table) && !before.indexes.has(name)
      ? [`creates ${name} without CONCURRENTLY`]
      : [],
  );
  return [...rewritten, ...indexed];
}

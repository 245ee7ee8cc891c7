import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAMS, WINGS } from '../../oxlint.config.js';
import { edgesOfCycles } from './support/cycles.js';
import { featureOf, folderOf, foldersIn, SOURCES } from './support/source-tree.js';

const importsBetween = (folder: (path: string) => string) =>
  SOURCES.flatMap(({ path, imports }) => imports.map((imported) => [folder(path), folder(imported)] as const));

describe('imports', () => {
  it('form no cycle of wings', () => {
    expect(edgesOfCycles(importsBetween((path) => folderOf(path, 1)))).toEqual([]);
  });

  it('form no cycle of folders inside a wing', () => {
    expect(edgesOfCycles(importsBetween((path) => folderOf(path, 2)))).toEqual([]);
  });

  it('form no cycle of features', () => {
    expect(edgesOfCycles(importsBetween(featureOf))).toEqual([]);
  });
});

describe('the map of src', () => {
  const wings = foldersIn('src');
  const groups = foldersIn('src/resources').map((group) => `resources/${group}`);

  it('has a row in oxlint.config.ts for each wing and each group of resources', () => {
    const rows = [...Object.keys(WINGS), PROGRAMS];
    expect(rows.toSorted()).toEqual([...wings, ...groups].toSorted());
  });

  it('allows in oxlint.config.ts only imports that exist', () => {
    const wingOf = (path: string) =>
      folderOf(path, path.split('/').length > 2 && path.startsWith('resources/') ? 2 : 1);
    const used = new Set(importsBetween(wingOf).map(([from, to]) => `${from} -> ${to}`));
    const allowed = Object.entries(WINGS).flatMap(([from, row]) => row.map((to) => `${from} -> ${to}`));
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
  });

  it('names each wing, and each folder of a wing, in README.md', () => {
    const entries = readmeEntries();
    const named = [...entries].flatMap(([wing, words]) => [wing, ...words.map((word) => `${wing}/${word}`)]);
    const folders = wings.flatMap((wing) => [wing, ...foldersIn(`src/${wing}`).map((folder) => `${wing}/${folder}`)]);
    expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
    expect([...entries.keys()].filter((wing) => !wings.includes(wing))).toEqual([]);
  });
});

/** The wings in the tree of README.md, each with the folders that its description names. */
function readmeEntries(): Map<string, string[]> {
  const tree = /^src\/\n(?<lines>(?: .*\n)+)/m.exec(readFileSync('README.md', 'utf8'))!.groups!.lines!;
  const entries = tree.split(/^ {2}(?=\S)/m).filter((entry) => /^[\w-]+\/ /.test(entry));
  return new Map(entries.map((entry) => [/^[\w-]+/.exec(entry)![0], entry.match(/[\w-]+/g)!.slice(1)]));
}

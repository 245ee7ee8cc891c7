import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { hashesOfMigrations, hashOf, numberOf, readSeal } from './support/sealed-migrations.js';

const seal = readSeal();
const now = hashesOfMigrations();
const numbersOf = (files: object) => Object.keys(files).flatMap((name) => numberOf(name) ?? []);

it('migrations are listed in the order in which they run', () => {
  const names = MIGRATIONS.map((Migration) => new Migration().name!);
  expect(names).toEqual(names.toSorted((one, other) => Number(one.slice(-13)) - Number(other.slice(-13))));
});

it('every file of a migration is listed', () => {
  expect(MIGRATIONS.map((Migration) => Number(new Migration().name!.slice(-4)))).toEqual(numbersOf(now));
});

it('what a release has shipped in migrations/ stays the same', () => {
  expect(Object.entries(seal.files).filter(([name, hash]) => now[name] !== hash)).toEqual([]);
});

it('a migration is newer than those of the last release', () => {
  const newest = Math.max(...numbersOf(seal.files));
  const added = Object.keys(now).filter((name) => !(name in seal.files));
  expect(added.filter((name) => (numberOf(name) ?? Infinity) <= newest)).toEqual([]);
});

it('the hash of a migration changes with its code and SQL, not with comments and formatting', () => {
  const source = 'const sql = `DROP TABLE ${name}`;';
  const same = ['/** Why. */\nconst  sql =\n  `DROP TABLE ${name}`; // now', `// first\n${source}`];
  const others = ['const sql = `DROP TABLE  ${name}`;', 'const sql = `DROP TABLE ${other}`;', `${source} run();`];
  expect(same.filter((text) => hashOf(text) !== hashOf(source))).toEqual([]);
  expect(others.filter((text) => hashOf(text) === hashOf(source))).toEqual([]);
});

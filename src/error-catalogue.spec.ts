import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AnyErrorFactory } from './core/errors/define-errors.js';
import { ERROR_CATALOGUE } from './error-catalogue.js';

const CODES = ERROR_CATALOGUE.map(({ code }) => code);

it('every code is in snake_case and unique', () => {
  expect(CODES.filter((code) => !/^[a-z]+(_[a-z0-9]+)*$/.test(code))).toEqual([]);
  expect(CODES.filter((code, index) => CODES.indexOf(code) !== index)).toEqual([]);
});

it('the catalogue contains the errors of every feature', async () => {
  const paths = globSync('**/*{.errors,core-errors}.ts', { cwd: import.meta.dirname });
  const modules = await Promise.all(
    paths.map(async (path) => (await import(`./${path}`)) as Readonly<Record<string, object>>),
  );
  const declared = modules
    .flatMap((module) => Object.values(module))
    .filter((exported) => typeof exported === 'object')
    .flatMap((errors) => Object.values(errors as Readonly<Record<string, AnyErrorFactory>>));
  expect(declared.map(({ code }) => code).sort()).toEqual(CODES.toSorted());
});

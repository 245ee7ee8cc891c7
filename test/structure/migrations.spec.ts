import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';

it('migrations are listed in the order in which they run', () => {
  const names = MIGRATIONS.map((Migration) => new Migration().name!);
  expect(names).toEqual(names.toSorted((one, other) => Number(one.slice(-13)) - Number(other.slice(-13))));
});

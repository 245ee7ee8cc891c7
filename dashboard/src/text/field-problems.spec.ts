import { expect, it } from 'vitest';
import { GatehouseError } from '../../../sdk/src/index.js';
import { problemsByField } from './field-problems';

const problemOf = (field: string, message: string) =>
  problemsByField(new GatehouseError(400, message, undefined, [{ field, message }], undefined));

it('a refused field is named by its place, not by its name in the API', () => {
  expect(problemOf('agent_id', 'agent_id is required for a key with a secret')).toEqual({
    agent_id: 'This is required for a key with a secret.',
  });
  expect(problemOf('provider', 'provider: unknown integration')).toEqual({ provider: 'Unknown integration.' });
});

it('the problem of a nested field is shown beside the form field that contains it', () => {
  expect(problemOf('rate_limit.per_minute', 'rate_limit.per_minute must not be greater than 1000')).toEqual({
    per_minute: 'This must not be greater than 1000.',
  });
  expect(problemOf('allowed_ips.2', 'allowed_ips.2 is not an address')).toEqual({
    allowed_ips: 'This is not an address.',
  });
});

it('a problem without a field is shown beside none', () => {
  expect(problemsByField(new TypeError('Failed to fetch'))).toEqual({});
});

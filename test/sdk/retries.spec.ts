import { expect, it } from 'vitest';
import { Gatehouse, GatehouseError, once } from '../../sdk/src/index.js';

/** A client of a server that answers 503 with `Retry-After: 0` that many times. */
function clientOf(times: number, retriesMax?: number) {
  const bodies: string[] = [];
  const client = new Gatehouse({
    url: 'http://gatehouse.test',
    ...(retriesMax === undefined ? {} : { retriesMax }),
    fetch: async (request) => {
      bodies.push(await request.text());
      const isAway = bodies.length <= times;
      return isAway
        ? Response.json({ statusCode: 503, message: 'Not now' }, { status: 503, headers: { 'Retry-After': '0' } })
        : Response.json({ id: '1' });
    },
  });
  return { client, bodies };
}

const contact = { body: { contact: { name: 'Sam', email: 'sam@example.com' } } };

it('a GET with a 503 is retried at most three times', async () => {
  const patient = clientOf(3);
  expect(await patient.client.get('/contacts')).toEqual({ id: '1' });
  expect(patient.bodies.length).toBe(4);
  const hopeless = clientOf(10);
  await expect(hopeless.client.get('/contacts')).rejects.toMatchObject({ status: 503, retryAfterSeconds: 0 });
  expect(hopeless.bodies.length).toBe(4);
});

it('a POST with a 503 is retried only with an Idempotency-Key', async () => {
  const careful = clientOf(1);
  await expect(careful.client.post('/contacts', contact)).rejects.toBeInstanceOf(GatehouseError);
  expect(careful.bodies.length).toBe(1);
  const sure = clientOf(1);
  await sure.client.post('/contacts', { ...contact, params: once() });
  expect(sure.bodies).toEqual(Array(2).fill(JSON.stringify(contact.body)));
});

it('retries can be disabled', async () => {
  const once503 = clientOf(1, 0);
  await expect(once503.client.get('/contacts')).rejects.toMatchObject({ status: 503 });
  expect(once503.bodies.length).toBe(1);
});

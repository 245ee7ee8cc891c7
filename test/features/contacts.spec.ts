import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

interface Contact {
  readonly id: string;
  readonly custom_data: Record<string, string>;
  readonly updated_at: string;
}
interface Page {
  readonly items: Contact[];
  readonly next: string | null;
}

const server = TestServer.forSuite();
let client: Client;
let neighbour: Client;

beforeAll(async () => {
  client = await server.newClient();
  neighbour = await server.newClient();
});

async function add(contact: object, by = client): Promise<string> {
  const { body } = await by.post('/contacts').send({ contact }).expect(201);
  return (body as { id: string }).id;
}

async function read(id: string): Promise<Contact> {
  return (await client.get(`/contacts/${id}`).expect(200)).body as Contact;
}

describe('a contact', () => {
  it('is created with an id as the answer, and can be read', async () => {
    const { body } = await client
      .post('/contacts')
      .send({
        contact: { email: 'Ada.Lovelace@Example.com', phone: '+4930123456', name: 'Ada', custom_data: { plan: 'pro' } },
      })
      .expect(201);
    expect(Object.keys(body as object)).toEqual(['id']);
    expect(await read((body as Contact).id)).toEqual({
      id: (body as Contact).id,
      email: 'ada.lovelace@example.com',
      phone_number: '+4930123456',
      name: 'Ada',
      custom_data: { plan: 'pro' },
      unsubscribed_at: null,
      undeliverable_at: null,
      undeliverable_reason: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
  });

  it('needs an e-mail address or a phone number', async () => {
    for (const contact of [{}, { name: 'Unreachable' }, { email: null, phone: null }]) {
      const { body } = await client.post('/contacts').send({ contact }).expect(400);
      expect(body).toMatchObject({ errors: [{ field: 'contact.email' }] });
    }
    await add({ email: null, phone: '+4930000001' });
  });

  it.each([
    [{ email: 'x' }, 'contact.email must be an email'],
    [
      { email: `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.de` },
      'contact.email must be shorter than or equal to 254 characters',
    ],
    [{ phone: '030 123' }, 'contact.phone must be a phone number in E.164 format'],
    [{ email: 'a@b.de', id: UNKNOWN_ID }, 'contact.id is not a known field'],
    [{ email: 'a@b.de', unsubscribed_at: null }, 'contact.unsubscribed_at is not a known field'],
    [{ email: 'a@b.de', custom_data: { n: 1 } }, 'contact.custom_data must be an object of at most 50 texts'],
    [{ email: 'a@b.de', custom_data: { 'a b': 'x' } }, 'contact.custom_data must be an object of at most 50 texts'],
    [{ email: 'a@b.de', custom_data: null }, 'contact.custom_data must be an object of at most 50 texts'],
  ])('refuses %j', async (contact, message) => {
    const { body } = await client.post('/contacts').send({ contact }).expect(400);
    expect((body as { message: string }).message).toContain(message);
  });

  it('keeps an address at least, whatever a PATCH clears', async () => {
    const id = await add({ email: 'only@example.com' });
    const change = (contact: object) => client.patch(`/contacts/${id}`).send({ contact });
    for (const cleared of [{ email: null }, { email: null, phone: null, custom_data: { a: 'b' } }]) {
      const { body } = await change(cleared).expect(400);
      const message = 'contact.email or contact.phone is required';
      expect(body).toMatchObject({ errors: [{ field: 'contact.email', message }] });
    }
    await change({ email: null, phone: '+4930000009' }).expect(200);
    await change({ phone: null }).expect(400);
    await Promise.all([change({ email: 'only@example.com' }), change({ phone: null })]);
    const { body } = await client.get(`/contacts/${id}`).expect(200);
    expect(body.email ?? body.phone_number).not.toBeNull();
    expect(body.custom_data).toEqual({});
  });

  it('refuses a body without the "contact" object', async () => {
    await client.post('/contacts').send({ email: 'a@b.de' }).expect(400);
    await client.post('/contacts').send({ contact: null }).expect(400);
    await client.post('/contacts').send({ contact: [] }).expect(400);
    await client.patch(`/contacts/${UNKNOWN_ID}`).send({ contact: null }).expect(400);
  });

  it('has an address and a number that are unique per org, in any case', async () => {
    const contact = { email: 'twin@example.com', phone: '+4930000002' };
    await add(contact);
    const { body } = await client
      .post('/contacts')
      .send({ contact: { email: 'TWIN@example.com' } })
      .expect(409);
    expect(body).toEqual({ statusCode: 409, message: 'Contact with this email already exists', code: 'taken' });
    const other = await client
      .post('/contacts')
      .send({ contact: { phone: contact.phone } })
      .expect(409);
    expect(other.body).toEqual({ statusCode: 409, message: 'Contact with this phone already exists', code: 'taken' });
    const id = await add({ email: 'other-twin@example.com' });
    await client
      .patch(`/contacts/${id}`)
      .send({ contact: { email: 'Twin@Example.com' } })
      .expect(409);
    await client
      .patch(`/contacts/${id}`)
      .send({ contact: { email: 'Twin@Example.com', custom_data: { a: 'b' } } })
      .expect(409);
    expect((await read(id)).custom_data).toEqual({});
    await add(contact, neighbour);
  });

  it('is created once by concurrent requests with one address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/contacts').send({ contact: { email: 'race@example.com' } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('is 404 for another org', async () => {
    const id = await add({ email: 'mine@example.com' });
    const unknown = (await neighbour.get(`/contacts/${UNKNOWN_ID}`).expect(404)).body;
    expect(unknown).toEqual({ statusCode: 404, message: 'Contact not found', error: 'Not Found', code: 'not_found' });
    for (const path of [`/contacts/${id}`, '/contacts/not-a-uuid']) {
      expect((await neighbour.get(path).expect(404)).body).toEqual(unknown);
    }
    expect(
      (
        await neighbour
          .patch(`/contacts/${id}`)
          .send({ contact: { name: 'x' } })
          .expect(404)
      ).body,
    ).toEqual(unknown);
    expect((await neighbour.delete(`/contacts/${id}`).expect(404)).body).toEqual(unknown);
    await read(id);
  });

  it('can be deleted once', async () => {
    const id = await add({ email: 'gone@example.com' });
    expect((await client.delete(`/contacts/${id}`).expect(204)).text).toBe('');
    await client.delete(`/contacts/${id}`).expect(404);
    await client.get(`/contacts/${id}`).expect(404);
    await add({ email: 'gone@example.com' });
  });
});

describe('PATCH /contacts/:id', () => {
  it('changes the given fields, clears them by null, and keeps the others', async () => {
    const id = await add({ email: 'patch@example.com', name: 'Before', custom_data: { a: '1' } });
    const { body } = await client
      .patch(`/contacts/${id}`)
      .send({ contact: { name: null, phone: '+4930000003', unsubscribed_at: '2026-03-15T11:30:00+01:00' } })
      .expect(200);
    expect(body).toMatchObject({
      email: 'patch@example.com',
      name: null,
      phone_number: '+4930000003',
      custom_data: { a: '1' },
      unsubscribed_at: '2026-03-15T10:30:00.000Z',
    });
    expect(
      (
        await client
          .patch(`/contacts/${id}`)
          .send({ contact: { unsubscribed_at: null } })
          .expect(200)
      ).body,
    ).toMatchObject({
      unsubscribed_at: null,
    });
  });

  it('changes nothing with an empty body', async () => {
    const id = await add({ email: 'nothing@example.com' });
    const before = await read(id);
    for (const body of [undefined, {}, { contact: {} }, { contact: { custom_data: {} } }]) {
      expect((await client.patch(`/contacts/${id}`).send(body).expect(200)).body).toEqual(before);
    }
  });

  it('merges custom data, and deletes a key by null', async () => {
    const id = await add({ email: 'merge@example.com', custom_data: { kept: '1', changed: '2', deleted: '3' } });
    const change = { custom_data: { changed: 'two', deleted: null, added: '4' } };
    const { body } = await client.patch(`/contacts/${id}`).send({ contact: change }).expect(200);
    expect((body as Contact).custom_data).toEqual({ kept: '1', changed: 'two', added: '4' });
  });

  it('loses none of many concurrent merges', async () => {
    const id = await add({ email: 'merges@example.com' });
    const keys = Array.from({ length: 30 }, (_, index) => `key${index}`);
    await Promise.all(
      keys.map((key) =>
        client
          .patch(`/contacts/${id}`)
          .send({ contact: { custom_data: { [key]: 'x' } } })
          .expect(200),
      ),
    );
    expect(Object.keys((await read(id)).custom_data).sort()).toEqual(keys.sort());
  });

  it('refuses a merge whose result has more than 50 keys', async () => {
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));
    const id = await add({ email: 'fifty@example.com', custom_data: fifty });
    const { body } = await client
      .patch(`/contacts/${id}`)
      .send({ contact: { custom_data: { one: 'more' } } })
      .expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'contact.custom_data' }] });
    expect((await read(id)).custom_data).toEqual(fifty);
  });
});

describe('GET /contacts', () => {
  let lister: Client;
  const ids: string[] = [];

  beforeAll(async () => {
    lister = await server.newClient();
    for (let count = 0; count < 5; count++) {
      ids.unshift(await add({ email: `list${count}@example.com`, phone: `+49309999${count}` }, lister));
    }
  });

  const page = async (query: object) => (await lister.get('/contacts').query(query).expect(200)).body as Page;
  const idsOf = ({ items }: Page) => items.map(({ id }) => id);

  it('lists the newest first, in pages', async () => {
    const first = await page({ limit: 2 });
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.next).toMatch(/^[\w-]{22}$/);
    const second = await page({ limit: 2, cursor: first.next });
    expect(idsOf(second)).toEqual(ids.slice(2, 4));
    const third = await page({ limit: 2, cursor: second.next });
    expect([idsOf(third), third.next]).toEqual([ids.slice(4), null]);
    expect(await page({ limit: 5 })).toMatchObject({ next: null });
  });

  it('lists a contact with the fields of a read', async () => {
    const [item] = (await page({ limit: 1 })).items;
    expect(item).toEqual((await lister.get(`/contacts/${ids[0]}`)).body);
  });

  it('filters by address in any case, number and time, together and in pages', async () => {
    expect(idsOf(await page({ email: 'LIST3@example.com' }))).toEqual([ids[1]]);
    expect(idsOf(await page({ phone_number: '+493099990' }))).toEqual([ids[4]]);
    expect(idsOf(await page({ email: 'list3@example.com', phone_number: '+493099990' }))).toEqual([]);
    const { created_at } = (await lister.get(`/contacts/${ids[2]}`)).body as { created_at: string };
    expect(idsOf(await page({ created_after: created_at }))).toEqual(ids.slice(0, 3));
    expect(idsOf(await page({ created_before: created_at }))).toEqual(ids.slice(3));
    const first = await page({ created_before: created_at, limit: 1 });
    expect(idsOf(await page({ created_before: created_at, limit: 1, cursor: first.next }))).toEqual([ids[4]]);
    await lister
      .patch(`/contacts/${ids[4]}`)
      .send({ contact: { name: 'changed' } })
      .expect(200);
    const { updated_at } = (await lister.get(`/contacts/${ids[0]}`)).body as Contact;
    expect(idsOf(await page({ updated_after: updated_at }))).toEqual([ids[0], ids[4]]);
    const day = created_at.slice(0, 10);
    expect(idsOf(await page({ created_after: day }))).toEqual(ids);
    expect(idsOf(await page({ created_before: day }))).toEqual([]);
  });

  it('lists each contact once while contacts are added', async () => {
    const walker = await server.newClient();
    const before: string[] = [];
    for (let count = 0; count < 250; count++) before.unshift(await add({ email: `w${count}@example.com` }, walker));
    let isWalking = true;
    const adding = (async () => {
      for (let count = 0; isWalking; count++) await add({ email: `late${count}@example.com` }, walker);
    })();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: object = { limit: 7, ...(cursor === null ? {} : { cursor }) };
      const { items, next } = (await walker.get('/contacts').query(query).expect(200)).body as Page;
      seen.push(...items.map(({ id }) => id));
      cursor = next;
    } while (cursor !== null);
    isWalking = false;
    await adding;
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

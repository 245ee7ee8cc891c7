import { beforeAll, describe, expect, it } from 'vitest';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { readTables } from '../contract/support/table-rows.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const server = TestServer.forSuite({ SIP_DOMAIN: 'sip.acmetours.example:5061' });
let org: TestOrg;
let client: Client;
let neighbour: Client;

beforeAll(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  neighbour = await server.newClient();
});

describe('phone agents', () => {
  const add = async (fields: object = {}) =>
    (
      await client
        .post('/phone')
        .send({ name: 'Reception', ...fields })
        .expect(201)
    ).body as Record<string, unknown>;

  it('have defaults, and return every setting', async () => {
    const made = await add();
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Reception',
      type: 'inbound',
      language: null,
      accent: null,
      voice_id: null,
      first_message: null,
      instructions: [],
      handoff_phone_number: null,
      speed: 1,
      interruptible: true,
      action_ids: [],
      data_collection_fields: [],
      data_collection_webhook_url: null,
      use_org_knowledgebase: true,
      manual_mode: false,
      custom_llm: null,
      phone_number: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const { body } = await client.get('/phone').expect(200);
    expect(body).toEqual({ items: [made], next: null });
  });

  it('can be updated field by field, and deleted', async () => {
    const set = {
      type: 'outbound',
      language: ['en', 'pt-BR'],
      accent: 'Irish',
      instructions: ['Be brief.', 'Be kind.'],
      handoff_phone_number: '+4930123456',
      speed: 0.5,
      interruptible: false,
      data_collection_fields: ['name', 'date'],
      data_collection_webhook_url: 'https://hooks.acmetours.example/phone',
      custom_llm: { base_url: 'https://llm.acmetours.example/v1', model: 'tiny' },
    };
    const { id, ...made } = await add(set);
    expect(made).toMatchObject(set);
    const change = { language: 'de', instructions: [], handoff_phone_number: null, action_ids: [] };
    const { body } = await client
      .patch(`/phone/${id as string}`)
      .send(change)
      .expect(200);
    expect(body).toMatchObject({ ...set, ...change });
    expect((await client.get(`/phone/${id as string}`).expect(200)).body).toEqual(body);
    await neighbour.get(`/phone/${id as string}`).expect(404);
    await neighbour.delete(`/phone/${id as string}`).expect(404);
    await client.delete(`/phone/${id as string}`).expect(204);
    await client.get(`/phone/${id as string}`).expect(404);
  });

  it.each([
    [{ language: 'no language' }, 'language must be a BCP 47 language tag, or a list of 1 to 20'],
    [{ language: [] }, 'language must be a BCP 47 language tag, or a list of 1 to 20'],
    [{ speed: 2.1 }, 'speed must not be greater than 2'],
    [{ instructions: ['', 'x'] }, 'each value in instructions must be longer than or equal to 1 characters'],
    [
      { data_collection_webhook_url: 'http://hooks.acmetours.example' },
      'data_collection_webhook_url must be a URL address',
    ],
    [{ custom_llm: { base_url: 'https://llm.acmetours.example' } }, 'custom_llm.model is required'],
    [{ custom_llm: [] }, 'custom_llm must be an object'],
    [{ handoff_phone_number: '030 123456' }, 'handoff_phone_number must be a phone number in E.164 format'],
    [{ phone_number: '+4930123456' }, 'phone_number is not a known field'],
    [{ name: null }, 'name must be a string'],
  ])('refuse %j', async (fields, message) => {
    const { body } = await client
      .post('/phone')
      .send({ name: 'Reception', ...fields })
      .expect(400);
    expect(body).toMatchObject({ message });
  });

  async function newAction(as = client): Promise<string> {
    const payload = { base_url: 'https://crm.example', path: '/slots', method: 'GET', parameters: [], responses: {} };
    const action = { name: 'Free slots', api_endpoint: 'https://crm.example/slots', request_type: 'GET', payload };
    return ((await as.post('/actions').send(action).expect(201)).body as { id: string }).id;
  }

  it('have actions of the org, in order', async () => {
    const [first, second, third] = [await newAction(), await newAction(), await newAction()];
    const made = await add({ action_ids: [second, first!.toUpperCase()] });
    expect(made).toMatchObject({ action_ids: [second, first] });
    const path = `/phone/${made['id'] as string}`;
    expect((await client.patch(path).send({ name: 'Desk' }).expect(200)).body).toMatchObject({
      name: 'Desk',
      action_ids: [second, first],
    });
    const action_ids = [third, second];
    expect((await client.patch(path).send({ accent: 'Irish', action_ids }).expect(200)).body).toMatchObject({
      name: 'Desk',
      accent: 'Irish',
      action_ids,
    });
    expect((await client.patch(path).send({ action_ids: [] }).expect(200)).body).toMatchObject({ action_ids: [] });
    await client
      .patch(path)
      .send({ action_ids: [second] })
      .expect(200);
    await neighbour.patch(path).send({ action_ids: [] }).expect(404);
    await client.delete(path).expect(204);
    await client.get(`/actions/${second}`).expect(200);
  });

  it('refuse actions of other orgs, and stay unchanged', async () => {
    const ours = await newAction();
    const made = await add({ action_ids: [ours] });
    const path = `/phone/${made['id'] as string}`;
    const { items } = (await client.get('/phone').expect(200)).body as { items: object[] };
    for (const unknown of [UNKNOWN_ID, 'x', await newAction(neighbour)]) {
      const action_ids = [ours, unknown];
      const refusal = { statusCode: 404, message: 'Action not found', error: 'Not Found', code: 'not_found' };
      expect((await client.post('/phone').send({ name: 'Reception', action_ids }).expect(404)).body).toEqual(refusal);
      const change = { name: 'Other', action_ids };
      expect((await client.patch(path).send(change).expect(404)).body).toEqual(refusal);
    }
    expect((await client.get('/phone').expect(200)).body).toEqual({ items, next: null });
  });
});

describe('the inbound trunk', () => {
  const PATH = '/phone/sip/inbound-trunk';

  it('is created once per org by concurrent requests, and shows its password once', async () => {
    expect((await client.get(PATH).expect(404)).body).toMatchObject({ message: 'Inbound trunk not found' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post(PATH).send({ phone_numbers: ['+4930123456'] })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(7).fill(409)]);
    expect(answers.find(({ status }) => status === 409)!.body).toEqual({
      statusCode: 409,
      message: 'The organization already has an inbound trunk.',
      code: 'inbound_trunk_exists',
    });
    const { auth_password, ...trunk } = answers.find(({ status }) => status === 201)!.body as Record<string, unknown>;
    expect(auth_password).toMatch(/^[0-9a-f]{64}$/);
    expect(trunk).toEqual({
      id: expect.any(String),
      sip_endpoint: 'sip:sip.acmetours.example:5061',
      auth_username: expect.stringMatching(/^trunk-[0-9a-f]{16}$/),
      phone_numbers: ['+4930123456'],
      noise_suppression_enabled: true,
      agent_id_header: 'X-Agent-Id',
    });
    expect((await client.get(PATH).expect(200)).body).toEqual(trunk);
    await neighbour.get(PATH).expect(404);
    await neighbour.delete(PATH).expect(404);
    await client.delete(PATH).expect(204);
    await client.delete(PATH).expect(404);
    const { body } = await client.post(PATH).send({}).expect(201);
    expect(body).toMatchObject({ phone_numbers: [] });
    expect((body as { auth_username: string }).auth_username).not.toBe(trunk['auth_username']);
  });

  it('is returned again with its password for the same Idempotency-Key', async () => {
    const other = await server.newClient();
    const create = () => other.post(PATH).set('Idempotency-Key', 'trunk').send({}).expect(201);
    expect((await create()).body).toEqual((await create()).body);
  });

  it('receives the calls to a number of one org at a time', async () => {
    const [one, other] = [await server.newClient(), await server.newClient()];
    const create = (as: typeof one, ...phone_numbers: string[]) => as.post(PATH).send({ phone_numbers });
    const answers = await Promise.all([create(one, '+4940111', '+4940112'), create(other, '+4940112', '+4940111')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect((refused.body as { message: string }).message).toMatch(/^Another organization receives the calls to \+4940/);
    const [winner, loser] = answers[0] === refused ? [other, one] : [one, other];
    await loser.get(PATH).expect(404);
    expect((await create(loser, '+4940113', '+4940112').expect(409)).body).toEqual({
      statusCode: 409,
      message: 'Another organization receives the calls to +4940112.',
      code: 'inbound_number_taken',
    });
    await winner.delete(PATH).expect(204);
    const phone_numbers = ['+4940113', '+4940112'];
    expect((await create(loser, ...phone_numbers).expect(201)).body).toMatchObject({ phone_numbers });
    expect((await loser.get(PATH).expect(200)).body).toMatchObject({ phone_numbers });
  });

  it('accepts numbers in E.164 format only', async () => {
    const other = await server.newClient();
    const { body } = await other
      .post(PATH)
      .send({ phone_numbers: ['030'] })
      .expect(400);
    expect(body).toMatchObject({ message: 'each value in phone_numbers must be a phone number in E.164 format' });
    await other.get(PATH).expect(404);
  });
});

describe('outbound trunks', () => {
  const PATH = '/phone/sip/outbound-trunks';
  const TRUNK = {
    name: 'Carrier',
    host: 'sip.carrier.example',
    username: 'acme',
    password: 'pass-word-of-the-carrier',
    caller_number: '+4930123456',
  };

  it('can be created, listed, updated and deleted, and never show their password', async () => {
    const made = (await client.post(PATH).send(TRUNK).expect(201)).body as Record<string, string>;
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Carrier',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const { password: _, ...shown } = TRUNK;
    const listed = { ...made, ...shown, port: 5_060, transport: 'udp' };
    expect((await client.get(PATH).expect(200)).body).toEqual({ items: [listed], next: null });
    const change = { host: '2001:db8::1', port: 5_061, transport: 'tls', password: 'another-pass-word' };
    const { body } = await client.patch(`${PATH}/${made['id']}`).send(change).expect(200);
    const { password: __, ...changed } = change;
    expect(body).toEqual({ ...listed, ...changed, updated_at: expect.any(String) });
    await neighbour.patch(`${PATH}/${made['id']}`).send(change).expect(404);
    await neighbour.delete(`${PATH}/${made['id']}`).expect(404);
    await client.delete(`${PATH}/${made['id']}`).expect(204);
    await client.patch(`${PATH}/${made['id']}`).send({}).expect(404);
  });

  it('have their password encrypted, bound to their row, in every table', async () => {
    const { id } = (await client.post(PATH).send(TRUNK).expect(201)).body as { id: string };
    const openPassword = async () => {
      const { rows } = await server.database.query('SELECT password FROM sip_outbound_trunks WHERE id = $1', [id]);
      const purpose = `sip_outbound_trunks.password ${org.id} ${id}` as const;
      return server.app.get(SecretBox).open(rows[0]!['password'] as Buffer, purpose);
    };
    expect(await openPassword()).toBe(TRUNK.password);
    await client.patch(`${PATH}/${id.toUpperCase()}`).send({ password: 'another-pass-word' }).expect(200);
    expect(await openPassword()).toBe('another-pass-word');
    const tables = [...(await readTables(server)).values()].flatMap((rows) => [...rows]).join('\n');
    for (const secret of [TRUNK.password, 'another-pass-word']) {
      for (const encoding of ['utf8', 'hex', 'base64'] as const) {
        expect(tables).not.toContain(Buffer.from(secret).toString(encoding));
      }
    }
  });

  it.each([
    [{ host: 'sip.carrier.example:5060' }, 'host must be a domain or an IP address, without a port'],
    [{ username: 'a b' }, 'username must be 1 to 255 printable characters without spaces'],
    [{ password: 'a\r\nX-Evil: 1' }, 'password must be 1 to 255 printable characters without spaces'],
    [{ password: null }, 'password must be 1 to 255 printable characters without spaces'],
    [{ caller_number: undefined }, 'caller_number is required'],
    [{ port: 0 }, 'port must not be less than 1'],
    [{ transport: 'sctp' }, 'transport must be one of the following values: udp, tcp, tls'],
  ])('refuse %j', async (fields, message) => {
    expect(
      (
        await client
          .post(PATH)
          .send({ ...TRUNK, ...fields })
          .expect(400)
      ).body,
    ).toMatchObject({ message });
  });
});

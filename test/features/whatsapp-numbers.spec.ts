import { beforeEach, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { NumberAssignments } from '../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { type TestOrg, type TestPartner, TestServer } from '../support/start-app.js';

const SHOWN = { display_phone_number: '+49 30 1', verified_name: 'Acme' };

const server = TestServer.forSuite();
let partner: TestPartner;
let org: TestOrg;
let numbers = 0;
beforeEach(async () => {
  partner = await server.newPartner();
  org = await server.newOrg(partner);
});

const assignments = () => server.app.get(NumberAssignments);
/** A number that the operator has given to a partner. */
async function handedTo({ id: partnerId }: TestPartner): Promise<string> {
  const id = `2000${++numbers}`;
  await assignments().handTo(OPERATOR, partnerId, { id, business_account_id: '7000' });
  return id;
}
const path = ({ id }: TestOrg) => `/partner/v1/orgs/${id}/whatsapp-numbers`;
const assign = (to: TestOrg, id: string, fields: object = {}) =>
  server
    .as(to.partner.key)
    .post(path(to))
    .send({ id, ...SHOWN, ...fields });
const release = (from: TestOrg, id: string) => server.as(from.partner.key).delete(`${path(from)}/${id}`);
const listOf = async (of: TestOrg) =>
  ((await server.as(of.partner.key).get(path(of)).expect(200)).body as { data: object[] }).data;
const audited = async ({ id }: TestOrg) => {
  const sql = `SELECT action, target_name, actor_type FROM audit_entries
    WHERE org_id = $1 AND action LIKE 'whatsapp_number.%' ORDER BY sequence`;
  return (await server.database.pool.query(sql, [id])).rows as object[];
};

it('a partner can assign, list and release a number that it was given, with audit entries', async () => {
  const id = await handedTo(partner);
  const shown = { id, ...SHOWN, status: 'registered' };
  expect((await assign(org, id).expect(201)).body).toEqual(shown);
  expect(await listOf(org)).toEqual([shown]);
  const again = await assign(org, id, { verified_name: 'Acme Tours' }).expect(201);
  expect(again.body).toEqual({ ...shown, verified_name: 'Acme Tours' });
  await release(org, id).expect(204);
  expect(await listOf(org)).toEqual([]);
  await release(org, id).expect(404);
  expect(await audited(org)).toEqual([
    { action: 'whatsapp_number.assigned', target_name: id, actor_type: 'partner' },
    { action: 'whatsapp_number.released', target_name: id, actor_type: 'partner' },
  ]);
});

it('a number is assigned to one org at a time, until it is released', async () => {
  const id = await handedTo(partner);
  const other = await server.newOrg(partner);
  await assign(org, id).expect(201);
  expect((await assign(other, id).expect(409)).body).toEqual({
    statusCode: 409,
    message: `WhatsApp number ${id} is already assigned. Release it first.`,
    code: 'whatsapp_number_taken',
  });
  await release(other, id).expect(404);
  await release(org, id).expect(204);
  await assign(other, id).expect(201);
  expect(await listOf(org)).toEqual([]);
});

it('concurrent assignments of a number to several orgs give it to one', async () => {
  const id = await handedTo(partner);
  const orgs = [org, ...(await Promise.all(Array.from({ length: 5 }, () => server.newOrg(partner))))];
  const statuses = await Promise.all(orgs.map(async (each) => (await assign(each, id)).status));
  expect(statuses.toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  expect((await Promise.all(orgs.map(listOf))).flat()).toHaveLength(1);
});

it('a number of another partner and an unassigned number get the same 403', async () => {
  const theirs = await handedTo(await server.newPartner());
  for (const id of [theirs, `2000${++numbers}`]) {
    expect((await assign(org, id).expect(403)).body).toEqual({
      statusCode: 403,
      message: `WhatsApp number ${id} does not belong to this partner. Ask the operator to assign it to the partner.`,
      code: 'whatsapp_number_not_yours',
    });
  }
  expect(await listOf(org)).toEqual([]);
});

it('archiving an org releases its number', async () => {
  const id = await handedTo(partner);
  await assign(org, id).expect(201);
  await server.as(partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
  const next = await server.newOrg(partner);
  await assign(next, id).expect(201);
  expect(await listOf(next)).toHaveLength(1);
});

it('a malformed number is 400', async () => {
  const id = await handedTo(partner);
  for (const fields of [{ id: 'x' }, { id: '' }, { display_phone_number: '' }, { verified_name: null }, { org: 1 }]) {
    await assign(org, id, fields).expect(400);
  }
  await release(org, 'x').expect(404);
  expect(await listOf(org)).toEqual([]);
});

it("a number assigned by the operator can be reassigned only by the org's partner", async () => {
  const id = `2000${++numbers}`;
  await assignments().assignAny(OPERATOR, org.id, { id, ...SHOWN }, '7000');
  const stranger = await server.newOrg();
  await expect(assignments().assignAny(OPERATOR, stranger.id, { id, ...SHOWN })).rejects.toThrow('is already assigned');
  await release(org, id).expect(204);
  await expect(assignments().assignAny(OPERATOR, stranger.id, { id, ...SHOWN })).rejects.toThrow('is already assigned');
  await assign(org, id).expect(201);
  await expect(assignments().remove(OPERATOR, id)).rejects.toThrow('is already assigned');
  await release(org, id).expect(204);
  await assignments().remove(OPERATOR, id);
  await assign(org, id).expect(403);
  await assignments().assignAny(OPERATOR, stranger.id, { id, ...SHOWN });
});

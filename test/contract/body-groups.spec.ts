import { beforeAll, expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { type AgentClient, newAgentKey } from '../support/agent-key.js';
import { undeclaredOf } from '../support/documented-answers.js';
import { type Client, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const FIRST_REPLY = { first_reply_seconds: null };
const BOTH = { name: 'a.txt', mime_type: 'text/plain', url: 'https://a.example/a.txt', base64: 'YQ==' };
const TEMPLATE = { template_id: UNKNOWN_ID, phone_number_id: '1', variables: [] };
const message = (fields: object) => ({ sender: 'contact', message: { type: 'text', ...fields } });

/** Bodies with valid fields in an invalid combination, by route, with the field that the error names. */
const WRONG: readonly (readonly [method: 'post' | 'put' | 'patch', path: string, body: object, field: string])[] = [
  ['post', '/contacts', { contact: { name: 'Sam' } }, 'contact.email'],
  ['post', '/contacts', { contact: { email: null, phone: null } }, 'contact.email'],
  ['post', '/email/bounces', { reason: 'No such user' }, ''],
  ['post', '/leads', { name: 'Sam' }, 'phone'],
  ['post', '/leads', { name: 'Sam', phone: null }, 'phone'],
  ['post', '/sla/policies', { name: 'Fast', targets: FIRST_REPLY }, 'targets.first_reply_seconds'],
  ['patch', '/autopilot/channels/web', {}, 'enabled'],
  ['put', `/chat/sessions/${UNKNOWN_ID}/assignee`, {}, 'user_id'],
  ['post', `/chat/sessions/${UNKNOWN_ID}/send`, message({}), 'message.text'],
  ['post', `/chat/sessions/${UNKNOWN_ID}/send`, message({ text: '', attachments: [] }), 'message.text'],
  ['post', `/chat/sessions/${UNKNOWN_ID}/send`, message({ attachments: [BOTH] }), 'message.attachments.0'],
  ['post', `/sequences/${UNKNOWN_ID}/contacts`, { contacts: [{ id: UNKNOWN_ID, email: 'a@b.example' }] }, 'contacts.0'],
  ['post', '/whatsapp/send-template', { ...TEMPLATE, contact: {} }, 'contact'],
  ['post', '/v1/open/contacts/chatbots/AGENT', { name: 'Sam' }, 'email'],
];

const server = TestServer.forSuite();
let client: Client;
let agent: { readonly id: string; readonly client: AgentClient };
beforeAll(async () => {
  const org = await server.newOrg();
  client = await server.newClient(org);
  agent = await newAgentKey(server, org);
});

it.each(WRONG)('%s %s %j violates the schema, and gets a 400 that names %s', async (method, path, body, field) => {
  const target = path.replace('AGENT', agent.id);
  expect(undeclaredOf({ method: method.toUpperCase(), target, body })).not.toEqual([]);
  const answer = await (path.startsWith('/v1/open') ? agent.client : client)[method](target).send(body).expect(400);
  expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
});

it('every schema of a group of fields has a case here', () => {
  const { schemas } = serverDocument().components;
  const grouped = Object.entries(schemas).filter(([, schema]) => schema.type === 'object' && 'allOf' in schema);
  expect(grouped.map(([name]) => name)).toEqual([
    'AssignSessionDto',
    'ContactReference',
    'CreateAgentContactDto',
    'CreateLeadDto',
    'NewAttachment',
    'NewContact',
    'NewMessage',
    'ReportBounceDto',
    'SlaTargets',
    'UpdateAutopilotChannelDto',
  ]);
});

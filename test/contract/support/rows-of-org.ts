import { randomUUID } from 'node:crypto';
import { OPERATOR } from '../../../src/kit/audit/actor.js';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import { NumberAssignments } from '../../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { rolesOf } from '../../support/login-links.js';
import type { Client, TestOrg, TestServer } from '../../support/start-app.js';
import { insertVerifiedDomain } from '../../support/sender-domains.js';
import { ACTION, ACTION_CREDENTIAL, OFFICE_HOURS, STEP, unique } from './row-bodies.js';

/** The kinds of rows that bodies name by id. */
export const ROW_KINDS = [
  'action',
  'action_credential',
  'agent',
  'article',
  'category',
  'closed_session',
  'contact',
  'insight',
  'knowledge_base',
  'mail',
  'member',
  'message',
  'number',
  'office_hours',
  'phone_agent',
  'role',
  'sequence',
  'session',
  'sla_policy',
  'team',
  'template',
  'workflow',
] as const;
export type RowKind = (typeof ROW_KINDS)[number];
/** Ids by kind of row. */
export type RowIds = Readonly<Record<RowKind, string>>;

/** Creates one row of each kind in an org, through the API if a route creates such rows. */
export async function rowsOfOrg(server: TestServer, org: TestOrg, key: Client, owner: Client): Promise<RowIds> {
  const put = async (path: string, body: object, field = 'id', verb: 'post' | 'put' = 'post') => {
    const answer = await key[verb](path).send(body);
    if (answer.status >= 300) throw new Error(`${verb} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body as Record<string, string>)[field]!;
  };
  await insertVerifiedDomain(server.database.pool, org.id, 'acme.example');
  const session = await put('/chat/sessions', {});
  const closed = await put('/chat/sessions', {});
  await key.patch(`/chat/sessions/${closed}`).send({ status: 'closed_resolved' }).expect(200);
  const said = { sender: 'contact', message: { type: 'text', text: 'Hello' } };
  await key.post(`/chat/sessions/${session}/send`).send(said).expect(200);
  const history = (await key.get(`/chat/sessions/${session}/history`).expect(200)).body as { items: { id: string }[] };
  const number = String(Math.floor(Math.random() * 1e15));
  const shown = { display_phone_number: '+49 30 1', verified_name: 'Acme' };
  await server.app.get(NumberAssignments).assignAny(OPERATOR, org.id, { id: number, ...shown });
  const members = (await owner.get('/manage/v1/members').expect(200)).body as { items: { user_id: string }[] };
  await put('/help-center', { name: 'Help', primary_language: 'en' }, 'id', 'put');
  const category = await put('/help-center/categories', { name: unique('Category') });
  const recipients = [{ to_email: 'guest@acme.example' }];
  const texts = { fallback_email_subject: 'Hello', fallback_email_sender_name: 'Acme', fallback_email_body: 'Hello!' };
  const batch = await put('/email', { from_email: 'hello@acme.example', recipients, ...texts }, 'batch_id');
  const mails = (await key.get(`/email/messages?batch_id=${batch}`).expect(200)).body as { items: { id: string }[] };
  const insight = uuidV7();
  await server.database.pool.query(
    `INSERT INTO insights (id, org_id, reason, occurrence_count, first_seen_at, last_seen_at)
     VALUES ($1, $2, 'prohibited_topic', 1, now(), now())`,
    [insight, org.id],
  );
  return {
    action: await put('/actions', ACTION),
    action_credential: await put('/action-credentials', { name: unique('CRM'), ...ACTION_CREDENTIAL }),
    agent: await put('/agents', { name: unique('Agent') }),
    article: await put('/help-center/articles', { title: unique('Article'), content: 'Text.', category_id: category }),
    category,
    closed_session: closed,
    contact: await put('/contacts', { contact: { email: `${randomUUID()}@guest.example`, phone: '+4930654321' } }),
    insight,
    knowledge_base: await put('/knowledge-bases', { name: unique('Base') }),
    mail: mails.items[0]!.id,
    member: members.items[0]!.user_id,
    message: history.items[0]!.id,
    number,
    office_hours: await put('/office-hours', OFFICE_HOURS),
    phone_agent: await put('/phone', { name: 'Reception' }),
    role: (await rolesOf(server, org)).Admin,
    sequence: await put('/sequences', { filter: null, steps: [STEP] }),
    session,
    sla_policy: await put('/sla/policies', { name: unique('SLA'), targets: { first_reply_seconds: 3_600 } }),
    team: await put('/teams', { name: unique('Team'), is_support_enabled: true }),
    template: await put(
      '/whatsapp/templates',
      {
        name: 'order_sent',
        language: 'en_US',
        category: 'UTILITY',
        components: [{ type: 'BODY', text: 'Hello.' }],
      },
      'id',
      'put',
    ),
    workflow: await put('/workflows', { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [] }, 'workflow_id'),
  };
}

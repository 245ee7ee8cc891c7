import type { TestOrg, TestServer } from './start-app.js';

/** Creates a login link: its token and path. */
export async function newLoginLink(
  server: TestServer,
  org: TestOrg,
  settings: {
    readonly email?: string;
    readonly name?: string;
    readonly role_ids?: readonly string[];
    readonly path?: string;
  } = {},
): Promise<{ token: string; path: string }> {
  const { body } = await server
    .as(org.partner.key)
    .post(`/partner/v1/orgs/${org.id}/login-links`)
    .send({ email: 'jane@acmetours.example', ...settings })
    .expect(201);
  const { pathname, search, searchParams } = new URL((body as { url: string }).url);
  return { token: searchParams.get('token')!, path: pathname + search };
}

/** The session in the Set-Cookie header; undefined without one. */
export function sessionIn(answer: { readonly headers: Record<string, unknown> }): string | undefined {
  return /gatehouse_session=([0-9a-f]{64});/.exec(String(answer.headers['set-cookie']))?.[1];
}

/** The role ids of an org by name. */
export async function rolesOf(server: TestServer, org: TestOrg): Promise<Record<'Owner' | 'Admin' | 'Member', string>> {
  const { body } = await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/roles`).expect(200);
  const roles = (body as { data: { id: string; name: string }[] }).data;
  return Object.fromEntries(roles.map(({ id, name }) => [name, id])) as Record<'Owner' | 'Admin' | 'Member', string>;
}

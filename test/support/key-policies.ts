import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import type { KeyPolicyView, PolicyViolator } from '../../src/tenancy/key-policies/key-policy.dto.js';
import type { PolicyLevel } from '../../src/tenancy/key-policies/policy-rules.js';
import { type Signed, signedInAs } from './manage.js';
import type { Client, TestOrg, TestServer } from './start-app.js';

/** Those who set the policies of an org: its Owner, its partner and the operator. */
export class PolicySetters {
  private constructor(
    readonly owner: Signed,
    private readonly partner: Client,
    private readonly operator: Client,
  ) {}

  static async of(server: TestServer, org: TestOrg): Promise<PolicySetters> {
    const { token } = await server.app.get(ApiKeys).createForOperator(OPERATOR);
    return new PolicySetters(await signedInAs(server, org, 'Owner'), server.as(org.partner.key), server.as(token));
  }

  at(level: PolicyLevel) {
    switch (level) {
      case 'installation':
        return { client: this.operator, path: '/operator/v1/key-policy' };
      case 'partner':
        return { client: this.partner, path: '/partner/v1/key-policy' };
      case 'org':
        return { client: this.owner, path: '/manage/v1/key-policy' };
    }
  }

  async set(level: PolicyLevel, policy: object): Promise<KeyPolicyView> {
    const { client, path } = this.at(level);
    return (await client.put(path).send(policy).expect(200)).body as KeyPolicyView;
  }

  async read(level: PolicyLevel): Promise<KeyPolicyView> {
    const { client, path } = this.at(level);
    return (await client.get(path).expect(200)).body as KeyPolicyView;
  }

  /** All pages. */
  async violators(level: PolicyLevel = 'org', limit = 100): Promise<PolicyViolator[]> {
    const { client, path } = this.at(level);
    const all: PolicyViolator[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await client.get(`${path}/violations?limit=${limit}${query}`).expect(200);
      const { items, next } = body as { items: PolicyViolator[]; next: string | null };
      all.push(...items);
      cursor = next;
    } while (cursor !== null);
    return all;
  }
}

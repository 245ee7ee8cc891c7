import type { Abstract, INestApplicationContext } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { Services } from '../../../gateway/services/services.service.js';
import { Changes } from '../../../kit/audit/changes.js';
import { changesOf } from '../../../kit/audit/changes-of.js';
import { ApiKey } from '../../../tenancy/api-keys/api-key.entity.js';
import { ApiKeys } from '../../../tenancy/api-keys/api-keys.service.js';
import { KeyCredential } from '../../../tenancy/api-keys/key-credential.entity.js';
import { lockKeyOrThrow, ownerOf, recordKey } from '../../../tenancy/api-keys/key-rows.js';
import { KeySuspensions } from '../../../tenancy/api-keys/key-suspensions.service.js';
import { recordEnd } from '../../../tenancy/api-keys/replaced-credentials.js';
import { MemberChanges } from '../../../tenancy/members/member-changes.service.js';
import { Member } from '../../../tenancy/members/member.entity.js';
import { Orgs } from '../../../tenancy/orgs/orgs.service.js';
import { Role } from '../../../tenancy/orgs/role.entity.js';
import { Partners } from '../../../tenancy/partners/partners.service.js';
import { Session } from '../../../tenancy/sessions/session.entity.js';
import { findKeyOrThrow } from '../key-owner.js';
import { AFTER_RESTORE, type Finding, type Remedy } from './remedies.js';

type Of<Kind extends Remedy['kind']> = Extract<Remedy, { readonly kind: Kind }>;

/** Takes access away again. Each change is audited, and in force in every process once it returns. */
export class Repairs {
  constructor(private readonly services: Pick<INestApplicationContext, 'get'>) {}

  async apply({ remedy, because, name }: Finding): Promise<void> {
    const actor = AFTER_RESTORE;
    switch (remedy.kind) {
      case 'revoke key':
        return this.#get(ApiKeys).revoke(actor, ownerOf(await this.#key(remedy.id)), remedy.id);
      case 'suspend key':
        return this.#get(KeySuspensions).suspend(actor, ownerOf(await this.#key(remedy.id)), remedy.id);
      case 'narrow key':
        return this.#narrowKey(remedy);
      case 'end credential':
        return this.#endCredential(remedy);
      case 'suspend org':
        return void (await this.#get(Orgs).suspend(actor, remedy.id, 'operator'));
      case 'archive org':
        return this.#get(Orgs).archive(actor, remedy.id);
      case 'deactivate partner':
        return void (await this.#get(Partners).update(actor, remedy.id, { is_active: false }));
      case 'narrow partner':
        return void (await this.#get(Partners).update(actor, remedy.id, { allowed_ips: [...remedy.allowedIps] }));
      case 'remove member':
        return this.#get(MemberChanges).remove({ actor, orgId: remedy.orgId }, remedy.id);
      case 'lower role':
        return this.#lowerRole(remedy);
      case 'end sessions':
        return this.#endSessions(remedy, new Date(because.at(-1)!.created_at), name);
      case 'suspend service':
        return void (await this.#get(Services).suspend(actor, remedy.slug));
      case 'remove service':
        return this.#get(Services).remove(actor, remedy.slug);
    }
  }

  async #narrowKey({ id, columns }: Of<'narrow key'>): Promise<void> {
    const owner = ownerOf(await this.#key(id));
    await this.#get(Changes).change(AFTER_RESTORE, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, owner, id);
      // Without the rules for changes by members: they could refuse what the key had already.
      await manager.update(ApiKey, { id }, columns);
      recordKey(record, 'api_key.updated', key, changesOf(key, columns));
    });
  }

  async #endCredential({ id, credentialId }: Of<'end credential'>): Promise<void> {
    const owner = ownerOf(await this.#key(id));
    await this.#get(Changes).change(AFTER_RESTORE, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, owner, id);
      const now = new Date();
      await manager.update(KeyCredential, { id: credentialId }, { ended_at: now, retires_at: now });
      recordEnd(record, key, credentialId);
    });
  }

  async #lowerRole({ id, orgId, role }: Of<'lower role'>): Promise<void> {
    const { manager } = this.#get(Database);
    const wanted = await manager.findOneByOrFail(Role, { org_id: orgId, name: role });
    await this.#get(MemberChanges).changeRole({ actor: AFTER_RESTORE, orgId }, id, wanted.id);
  }

  async #endSessions({ id, orgId }: Of<'end sessions'>, before: Date, name: string): Promise<void> {
    await this.#get(Changes).change(AFTER_RESTORE, async (manager, record) => {
      const member = await manager.findOneByOrFail(Member, { org_id: orgId, user_id: id });
      await manager.delete(Session, { member_id: member.id, created_at: LessThanOrEqual(before) });
      record({ action: 'session.ended', orgId, target: { type: 'user', id, name } });
    });
  }

  #key(id: string): Promise<ApiKey> {
    return findKeyOrThrow(this.#get(Database), id);
  }

  #get<T>(type: Abstract<T>): T {
    return this.services.get<T>(type, { strict: false });
  }
}

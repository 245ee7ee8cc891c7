import { Injectable } from '@nestjs/common';
import { allowedOriginsOrThrow } from '../../../access/network/allowed-origins.js';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { changesOf } from '../../../kit/audit/changes-of.js';
import { Database } from '../../../core/database/database.js';
import type { Org } from '../../../tenancy/orgs/org.entity.js';
import { lockOrgOrThrow, Orgs } from '../../../tenancy/orgs/orgs.service.js';
import type { ShownWidgetConfig, ShownWidgetToken, UpdateWidgetConfigDto } from './widget.dto.js';
import { UNTIL_SET, WidgetConfig } from './widget-config.entity.js';

/** The org's chat widget. Its token is a column of the org. */
@Injectable()
export class Widget {
  constructor(
    private readonly database: Database,
    private readonly orgs: Orgs,
    private readonly changes: Changes,
  ) {}

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal): Promise<ShownWidgetConfig> {
    const org = await this.orgs.findOrThrow(orgId);
    return shown(org, await this.database.manager.findOneBy(WidgetConfig, { org_id: orgId }));
  }

  /** @throws AppError invalid_request (400), not_found (404) */
  async change({ principal: { orgId }, actor }: Caller, dto: UpdateWidgetConfigDto): Promise<ShownWidgetConfig> {
    const wanted = {
      ...dto,
      ...(dto.allowed_origins && { allowed_origins: allowedOriginsOrThrow(dto.allowed_origins) }),
    };
    return this.changes.change(actor, async (manager, record) => {
      // Before the first change there is no row to lock, so the org's row is locked.
      const org = await lockOrgOrThrow(manager, orgId);
      const before = (await manager.findOneBy(WidgetConfig, { org_id: orgId })) ?? UNTIL_SET;
      const changes = changesOf(before, wanted);
      const after = { ...UNTIL_SET, ...before, ...wanted, org_id: orgId };
      if (Object.keys(changes).length === 0) return shown(org, after);
      await manager.upsert(WidgetConfig, after, { conflictPaths: ['org_id'] });
      record({ action: 'widget.updated', orgId, target: { type: 'widget', id: orgId, name: org.name }, changes });
      return shown(org, after);
    });
  }

  /** @throws AppError not_found (404) */
  async rotateToken({ principal, actor }: Caller): Promise<ShownWidgetToken> {
    const { widget_token } = await this.orgs.rotateWidgetToken(actor, principal.orgId);
    return { widget_token };
  }
}

function shown({ widget_token }: Org, config: Omit<WidgetConfig, 'org_id'> | null): ShownWidgetConfig {
  const { allowed_origins, sessions_polling_interval_seconds, session_polling_interval_seconds, modes, theme } =
    config ?? UNTIL_SET;
  return {
    widget_token,
    allowed_origins,
    sessions_polling_interval_seconds,
    session_polling_interval_seconds,
    modes,
    theme,
  };
}

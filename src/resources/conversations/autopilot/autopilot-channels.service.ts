import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { partyOf } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { Database } from '../../../core/database/database.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { LanguageModels } from '../../../kit/outbound/language-models.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';
import { type UpdateAutopilotChannelDto, SETTING_SCOPES, type ShownChannel } from './autopilot.dto.js';
import { AutopilotChannel } from './autopilot-channel.entity.js';

const UNTIL_SET: ShownChannel = { enabled: false, assist_enabled: false, activated_by: null, updated_at: null };
const SETTINGS = Object.keys(SETTING_SCOPES) as (keyof UpdateAutopilotChannelDto)[];
const CHANGE = `
  INSERT INTO autopilot_channels (org_id, channel, enabled, assist_enabled, activated_by)
  VALUES ($1, $2, coalesce($3::boolean, false), coalesce($4::boolean, false), $5)
  ON CONFLICT (org_id, channel) DO UPDATE SET updated_at = now(),
    enabled = coalesce($3::boolean, autopilot_channels.enabled),
    assist_enabled = coalesce($4::boolean, autopilot_channels.assist_enabled),
    activated_by = coalesce($5::jsonb, autopilot_channels.activated_by)
  RETURNING enabled, assist_enabled, activated_by, updated_at`;

@Injectable()
export class AutopilotChannels {
  readonly #table: AuditedTable;

  constructor(
    private readonly database: Database,
    private readonly models: LanguageModels,
  ) {
    const computed = { channel: 'autopilot_channels.channel' };
    const audited = { type: 'autopilot_channel', calledBy: ['channel'], key: 'channel', computed };
    this.#table = new AuditedTable(database, AutopilotChannel, audited);
  }

  audited({ orgId }: Principal, channel: string) {
    return this.#table.row(orgId, channel);
  }

  async all({ orgId }: Principal): Promise<Record<Channel, ShownChannel>> {
    const rows = await this.database.manager.findBy(AutopilotChannel, { org_id: orgId });
    const shown = CHANNELS.map((name): [Channel, ShownChannel] => {
      const { enabled, assist_enabled, activated_by, updated_at } =
        rows.find(({ channel }) => channel === name) ?? UNTIL_SET;
      return [name, { enabled, assist_enabled, activated_by, updated_at }];
    });
    return Object.fromEntries(shown) as Record<Channel, ShownChannel>;
  }

  /** @throws AppError invalid_request (400), scope_missing (403) */
  async change(principal: Principal, channel: string, dto: UpdateAutopilotChannelDto): Promise<ShownChannel> {
    if (!CHANNELS.includes(channel as Channel)) {
      throw invalidField('channel', `channel must be one of the following values: ${CHANNELS.join(', ')}`);
    }
    const { enabled, assist_enabled } = dto;
    const switchedOn = SETTINGS.filter((setting) => dto[setting] === true);
    assertScopes(
      principal,
      switchedOn.flatMap((setting) => SETTING_SCOPES[setting]),
    );
    const by = switchedOn.length > 0 ? partyOf(principal) : null;
    const values = [principal.orgId, channel, enabled ?? null, assist_enabled ?? null, by];
    const [shown] = (await this.database.manager.query(CHANGE, values)) as [ShownChannel];
    return shown;
  }

  /** What the AI does in a session. Nothing if no language model is configured. */
  async modeOf(manager: EntityManager, orgId: string, channel: Channel): Promise<ShownChannel> {
    if (this.models.configured === undefined) return UNTIL_SET;
    return (await manager.findOneBy(AutopilotChannel, { org_id: orgId, channel })) ?? UNTIL_SET;
  }
}

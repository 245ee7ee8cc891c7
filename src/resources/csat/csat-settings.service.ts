import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Database } from '../../database/database.js';
import { CsatSettings } from './csat-settings.entity.js';
import type { PutCsatSettingsDto } from './csat.dto.js';

const UNTIL_SET: PutCsatSettingsDto = { auto_send: false, delay_minutes: 0, channels: {} };

/** Kept for the channels, which send the surveys. */
@Injectable()
export class CsatSettingsStore {
  constructor(private readonly database: Database) {}

  async read({ orgId }: Principal): Promise<PutCsatSettingsDto> {
    const settings = (await this.database.manager.findOneBy(CsatSettings, { org_id: orgId })) ?? UNTIL_SET;
    const { auto_send, delay_minutes, channels } = settings;
    return { auto_send, delay_minutes, channels };
  }

  async replace({ orgId }: Principal, settings: PutCsatSettingsDto): Promise<PutCsatSettingsDto> {
    await this.database.manager.upsert(CsatSettings, { ...settings, org_id: orgId }, { conflictPaths: ['org_id'] });
    return settings;
  }
}

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Database } from '../../../core/database/database.js';
import { CsatSettings } from './csat-settings.entity.js';
import type { PutCsatSettingsDto } from './csat.dto.js';

const UNTIL_SET: PutCsatSettingsDto = { auto_send: false, delay_minutes: 0, channels: {} };

/** Stores the settings, which `Surveys` follows. */
@Injectable()
export class CsatSettingsStore {
  readonly #table: AuditedTable;

  constructor(
    private readonly database: Database,
    private readonly changes: SettingChanges,
  ) {
    this.#table = new AuditedTable(database, CsatSettings, { type: 'csat_settings', key: null });
  }

  async read({ orgId }: Principal): Promise<PutCsatSettingsDto> {
    const settings = (await this.database.manager.findOneBy(CsatSettings, { org_id: orgId })) ?? UNTIL_SET;
    const { auto_send, delay_minutes, channels } = settings;
    return { auto_send, delay_minutes, channels };
  }

  async replace(caller: Caller, settings: PutCsatSettingsDto): Promise<PutCsatSettingsDto> {
    const { orgId } = caller.principal;
    const row = { ...settings, org_id: orgId };
    await this.changes.watch(caller, this.#table.row(orgId), () =>
      this.database.manager.upsert(CsatSettings, row, { conflictPaths: ['org_id'] }),
    );
    return settings;
  }
}

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert, PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import type { PutHelpCenterDto } from './help-center.dto.js';
import { HelpCenter } from './help-center.entity.js';

@Injectable()
export class HelpCenters {
  readonly #read: PreparedRead;
  readonly #put: PreparedInsert;

  readonly #table: AuditedTable;

  constructor(
    database: Database,
    private readonly changes: SettingChanges,
  ) {
    this.#table = new AuditedTable(database, HelpCenter, { type: 'help_center', key: null });
    const metadata = database.dataSource.getMetadata(HelpCenter);
    const row = rowAsJson(metadata);
    this.#read = database.reads.prepare('help_centers.read', `SELECT ${row} FROM help_centers WHERE org_id = $1`);
    this.#put = database.inserts.prepare(
      'help_centers.put',
      metadata,
      `ON CONFLICT (org_id) DO UPDATE SET name = excluded.name, description = excluded.description,
         languages = excluded.languages, custom_domain = excluded.custom_domain, updated_at = now()
         WHERE help_centers.primary_language = excluded.primary_language
       RETURNING ${row} AS text`,
    );
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal): Promise<JsonText> {
    const text = await this.#read.text([orgId]);
    if (typeof text !== 'string') throw notFound('Help center');
    return text;
  }

  /** Creates or replaces it, in one statement. @throws AppError invalid_request (400) for another primary language */
  async put(caller: Caller, { languages, ...rest }: PutHelpCenterDto) {
    const { orgId } = caller.principal;
    const newId = uuidV7();
    const row = {
      ...rest,
      languages: [...new Set([rest.primary_language, ...languages])],
      id: newId,
      org_id: orgId,
    };
    const text = await this.changes.watch(caller, this.#table.row(orgId), () => this.#put.run(row));
    if (typeof text !== 'string') throw invalidField('primary_language', 'primary_language cannot be changed');
    return { text, isNew: (JSON.parse(text) as HelpCenter).id === newId };
  }

  /** The language of articles. @throws AppError not_found (404) */
  async languageOf(principal: Principal): Promise<string> {
    return (JSON.parse(await this.read(principal)) as HelpCenter).primary_language;
  }
}

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
import type { PutHelpCenterDto } from './help-center.dto.js';
import { HelpCenter } from './help-center.entity.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';

@Injectable()
export class HelpCenters {
  readonly #read: PreparedRead;
  readonly #put: PreparedInsert;

  readonly #table: AuditedTable;

  constructor(
    private readonly database: Database,
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
  async read({ orgId }: Principal): Promise<WireJson<Wire<HelpCenter>>> {
    return (await this.#read.json<Wire<HelpCenter>>([orgId])) ?? missing();
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
    const put = () => this.#put.row<Wire<HelpCenter>>(row);
    const center = await this.changes.watch(caller, this.#table.row(orgId), put);
    if (center === undefined) throw invalidField('primary_language', 'primary_language cannot be changed');
    return { center, isNew: center.id === newId };
  }

  /** The language of articles. @throws AppError not_found (404) */
  async languageOf({ orgId }: Principal): Promise<string> {
    const center = await this.database.manager.findOneBy(HelpCenter, { org_id: orgId });
    return (center ?? missing()).primary_language;
  }
}

function missing(): never {
  throw notFound('Help center');
}

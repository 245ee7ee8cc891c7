import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert, PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { constraintRefusal } from '../../../core/errors/constraint-refusal.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import type { PutHelpCenterDto } from './help-center.dto.js';
import { HelpCenter } from './help-center.entity.js';
import { ownHostsOf } from './own-hosts.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';

const CONSTRAINTS = { label: 'Help center', unique: { help_centers_custom_domain: 'custom_domain' } };

@Injectable()
export class HelpCenters {
  readonly #read: PreparedRead;
  readonly #put: PreparedInsert;

  readonly #table: AuditedTable;
  readonly #ownHosts: ReadonlySet<string>;

  constructor(
    private readonly database: Database,
    private readonly changes: SettingChanges,
    @Inject(CONFIG) config: Pick<Config, 'publicUrl' | 'dashboardUrl'>,
  ) {
    this.#ownHosts = ownHostsOf(config);
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

  /**
   * Creates or replaces it, in one statement.
   * @throws AppError invalid_request (400) for another primary language or a host of the server, taken (409) for the
   *   domain of another org
   */
  async put(caller: Caller, { languages, ...rest }: PutHelpCenterDto) {
    const { orgId } = caller.principal;
    if (rest.custom_domain !== null && this.#ownHosts.has(rest.custom_domain)) {
      throw invalidField('custom_domain', 'custom_domain must not be a host of this server');
    }
    const newId = uuidV7();
    const row = {
      ...rest,
      languages: [...new Set([rest.primary_language, ...languages])],
      id: newId,
      org_id: orgId,
    };
    const put = async () => {
      try {
        return await this.#put.row<Wire<HelpCenter>>(row);
      } catch (error) {
        throw constraintRefusal(error, CONSTRAINTS);
      }
    };
    const center = await this.changes.watch(caller, this.#table.row(orgId), put);
    if (center === undefined) throw invalidField('primary_language', 'primary_language cannot be changed');
    return { center, isNew: center.id === newId };
  }

  /**
   * The language of a new article: the primary one by default.
   * @throws AppError not_found (404), invalid_request (400) for a language that the help center doesn't have
   */
  async languageFor({ orgId }: Principal, language?: string): Promise<string> {
    const center = (await this.database.manager.findOneBy(HelpCenter, { org_id: orgId })) ?? missing();
    const { primary_language, languages } = center;
    if (language === undefined || languages.includes(language)) return language ?? primary_language;
    throw invalidField('language', `language must be one of the help center's: ${languages.join(', ')}`);
  }
}

function missing(): never {
  throw notFound('Help center');
}

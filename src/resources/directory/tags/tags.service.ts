import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { canonicalTagName, type PutTagDto } from './tag.dto.js';
import { Tag } from './tag.entity.js';
import { kit } from './tags.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

/** The prompt contains all of them. */
const AUTO_TAGS_MAX = 200;

@Injectable()
export class Tags extends kit.Service {
  readonly #put = this.database.inserts.prepare(
    'tags.put',
    this.metadata,
    `ON CONFLICT (org_id, tag_name) DO UPDATE SET description = excluded.description,
       exclude_from_auto_tagging = excluded.exclude_from_auto_tagging, updated_at = now()
     RETURNING ${this.row} AS text`,
  );

  readonly #table = new AuditedTable(this.database, Tag, { type: 'tag', calledBy: ['tag_name'], key: 'tag_name' });

  constructor(
    database: Database,
    private readonly changes: SettingChanges,
  ) {
    super(database);
  }

  /** Creates or replaces the tag with this name, in one statement. */
  async put(caller: Caller, tag: PutTagDto): Promise<Wire<Tag>> {
    const { orgId } = caller.principal;
    const row = { ...tag, id: uuidV7(), org_id: orgId };
    const put = async () => (await this.#put.row<Wire<Tag>>(row))!;
    return this.changes.watch(caller, this.#table.row(orgId, tag.tag_name), put);
  }

  /** The tags that the AI may add to sessions. */
  forAutoTagging(manager: EntityManager, orgId: string): Promise<Tag[]> {
    return manager.find(Tag, {
      where: { org_id: orgId, exclude_from_auto_tagging: false },
      order: { tag_name: 'ASC' },
      take: AUTO_TAGS_MAX,
    });
  }

  /** @throws AppError not_found (404) */
  async deleteByName(caller: Caller, name: string): Promise<void> {
    const { orgId } = caller.principal;
    const tag_name = canonicalTagName(name);
    await this.changes.watch(caller, this.#table.row(orgId, tag_name), async () => {
      const { affected } = await this.database.manager.delete(Tag, { org_id: orgId, tag_name });
      if (affected === 0) this.notFound();
    });
  }
}

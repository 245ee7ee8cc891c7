import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { PreparedInsert } from '../../database/prepared-insert.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
import type { PutTagDto } from './tag.dto.js';
import { Tag } from './tag.entity.js';

export const kit = defineResource({ path: 'tags', scope: 'tags', entity: Tag, label: 'Tag', offers: ['list'] });

@Injectable()
export class Tags extends kit.Service {
  readonly #put = new PreparedInsert(
    this.database,
    'tags.put',
    this.metadata,
    `ON CONFLICT (org_id, tag_name) DO UPDATE SET description = excluded.description,
       exclude_from_auto_tagging = excluded.exclude_from_auto_tagging, updated_at = now()
     RETURNING ${this.row} AS text`,
  );

  /** Makes or replaces the tag of that name, in one statement. */
  async put({ orgId }: Principal, tag: PutTagDto): Promise<JsonText> {
    return (await this.#put.run({ ...tag, id: uuidV7(), org_id: orgId }))!;
  }

  /** @throws AppError not_found (404) */
  async deleteByName({ orgId }: Principal, name: string): Promise<void> {
    const { affected } = await this.database.manager.delete(Tag, { org_id: orgId, tag_name: name });
    if (affected === 0) this.notFound();
  }
}

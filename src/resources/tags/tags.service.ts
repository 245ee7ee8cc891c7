import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
import type { PutTagDto } from './tag.dto.js';
import { Tag } from './tag.entity.js';

export const kit = defineResource({ path: 'tags', scope: 'tags', entity: Tag, label: 'Tag', offers: ['list'] });

@Injectable()
export class Tags extends kit.Service {
  /** Makes or replaces the tag of that name, in one statement. */
  put(principal: Principal, tag: PutTagDto): Promise<JsonText> {
    const values = { ...tag, id: uuidV7(), org_id: principal.orgId };
    return this.insert(this.manager, values, (insert) =>
      insert.orUpdate(['description', 'exclude_from_auto_tagging', 'updated_at'], ['org_id', 'tag_name']),
    );
  }

  /** @throws AppError not_found (404) */
  async deleteByName({ orgId }: Principal, name: string): Promise<void> {
    const { affected } = await this.manager.delete(Tag, { org_id: orgId, tag_name: name });
    if (affected === 0) this.notFound();
  }
}

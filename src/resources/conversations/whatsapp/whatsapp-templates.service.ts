import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import { TemplateStatuses } from './template-statuses.service.js';
import { variablesCount } from './template-slots.js';
import type { PutTemplateDto } from './whatsapp.dto.js';
import { WhatsAppTemplate } from './whatsapp-template.entity.js';
import { templatesKit } from './whatsapp-templates.definition.js';

@Injectable()
export class WhatsAppTemplates extends templatesKit.Service {
  readonly #put = this.database.inserts.prepare(
    'whatsapp_templates.put',
    this.metadata,
    `ON CONFLICT (org_id, name, language) DO UPDATE SET category = excluded.category,
       components = excluded.components, variables_count = excluded.variables_count, updated_at = now()
     RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly statuses: TemplateStatuses,
  ) {
    super(database);
  }

  /** Creates or replaces the template with this name and language, and enqueues the look-up of its status. */
  async put({ orgId }: Principal, template: PutTemplateDto): Promise<JsonText> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const variables_count = variablesCount(template.components);
      const text = (await this.#put.run({ ...template, variables_count, id: uuidV7(), org_id: orgId }, manager))!;
      const { id } = JSON.parse(text) as WhatsAppTemplate;
      await this.statuses.lookUp(manager, [{ org_id: orgId, id }]);
      return text;
    });
  }
}

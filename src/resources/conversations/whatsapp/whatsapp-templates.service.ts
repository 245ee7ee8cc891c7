import { Injectable } from '@nestjs/common';
import { IsIn, IsString } from 'class-validator';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { equals } from '../../../kit/lists/filters.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import { TemplateStatuses } from './template-statuses.service.js';
import { variablesCount } from './template-slots.js';
import type { PutTemplateDto } from './whatsapp.dto.js';
import { TEMPLATE_STATUSES, WhatsAppTemplate } from './whatsapp-template.entity.js';

export const templatesKit = defineResource({
  path: 'whatsapp/templates',
  scope: 'whatsapp',
  entity: WhatsAppTemplate,
  label: 'Template',
  offers: ['list'],
  filters: {
    // All numbers of an org are of one account, which has the templates.
    phone_number_id: {
      rules: [IsString()],
      condition: (value) => `EXISTS (SELECT FROM whatsapp_numbers
        WHERE whatsapp_numbers.org_id = whatsapp_templates.org_id AND phone_number_id = ${value})`,
    },
    status: equals('status', IsIn(TEMPLATE_STATUSES)),
  },
});

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

  /** Makes or replaces the template of that name and language, and has its status looked up. */
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

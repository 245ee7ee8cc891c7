import { Injectable } from '@nestjs/common';
import { IsIn, IsString } from 'class-validator';
import type { Principal } from '../../access/principal.js';
import { PreparedInsert } from '../../database/prepared-insert.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { equals } from '../../lists/filters.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
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
  readonly #put = this.#putting('');
  readonly #putWithStatus = this.#putting('status = excluded.status,');

  /** Makes or replaces the template of that name and language, in one statement. */
  async put({ orgId }: Principal, template: PutTemplateDto): Promise<JsonText> {
    const put = template.status === undefined ? this.#put : this.#putWithStatus;
    const variables_count = variablesCount(template.components);
    return (await put.run({ ...template, variables_count, id: uuidV7(), org_id: orgId }))!;
  }

  #putting(more: string): PreparedInsert {
    return new PreparedInsert(
      this.database,
      `whatsapp_templates.put${more ? '.s' : ''}`,
      this.metadata,
      `ON CONFLICT (org_id, name, language) DO UPDATE SET category = excluded.category, ${more}
         components = excluded.components, variables_count = excluded.variables_count, updated_at = now()
       RETURNING ${this.row} AS text`,
    );
  }
}

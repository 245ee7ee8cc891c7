import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { TemplateStatuses } from './template-statuses.service.js';
import { variablesCount } from './template-slots.js';
import type { PutTemplateDto } from './whatsapp.dto.js';
import { WhatsAppTemplate } from './whatsapp-template.entity.js';
import { templatesKit } from './whatsapp-templates.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

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
  async put({ orgId }: Principal, template: PutTemplateDto): Promise<Wire<WhatsAppTemplate>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const variables_count = variablesCount(template.components);
      const row = { ...template, variables_count, id: uuidV7(), org_id: orgId };
      const saved = (await this.#put.row<Wire<WhatsAppTemplate>>(row, manager))!;
      await this.statuses.lookUp(manager, [{ org_id: orgId, id: saved.id }]);
      return saved;
    });
  }
}

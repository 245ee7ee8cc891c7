import { IsIn, IsString } from 'class-validator';
import { equals } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { isNumberOfOrg } from '../../../tenancy/whatsapp-numbers/number-sql.js';
import { TEMPLATE_STATUSES, WhatsAppTemplate } from './whatsapp-template.entity.js';

export const templatesKit = defineCrud({
  path: 'whatsapp/templates',
  scope: 'whatsapp',
  entity: WhatsAppTemplate,
  label: 'Template',
  offers: ['list'],
  filters: {
    // All numbers of an org share one account, and templates belong to the account.
    phone_number_id: {
      rules: [IsString()],
      condition: (value) => isNumberOfOrg(value, 'whatsapp_templates.org_id'),
    },
    status: equals('status', IsIn(TEMPLATE_STATUSES)),
  },
});

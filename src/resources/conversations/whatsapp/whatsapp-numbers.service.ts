import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { AppError } from '../../../core/errors/app-error.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import type { SaveWhatsAppNumberDto } from '../../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { TEXT } from '../../../core/wire/schema.js';

export const numbersKit = defineResource({
  path: 'whatsapp/phone-numbers',
  scope: 'whatsapp',
  entity: WhatsAppNumber,
  label: 'Phone number',
  offers: ['list'],
  computed: { id: { sql: 'whatsapp_numbers.phone_number_id', shape: TEXT } },
});

@Injectable()
export class WhatsAppNumbers extends numbersKit.Service {
  /** Replaces what is shown of a number of the org. @throws AppError whatsapp_number_not_assigned (403) */
  async put({ orgId }: Principal, { id, ...shown }: SaveWhatsAppNumberDto): Promise<JsonText> {
    const update = this.database.manager.createQueryBuilder().update(WhatsAppNumber).set(shown);
    const { raw } = await update
      .where({ org_id: orgId, phone_number_id: id })
      .returning(`${this.row} AS text`)
      .execute();
    const [updated] = raw as { text: JsonText }[];
    if (updated === undefined) throw new AppError('whatsapp_number_not_assigned', { id });
    return updated.text;
  }
}

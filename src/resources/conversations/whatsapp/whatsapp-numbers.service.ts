import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { whatsAppErrors } from './whatsapp.errors.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import type { SaveWhatsAppNumberDto } from '../../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { numbersKit } from './whatsapp-numbers.definition.js';

@Injectable()
export class WhatsAppNumbers extends numbersKit.Service {
  /** Updates the display fields of a number of the org. @throws AppError whatsapp_number_not_assigned (403) */
  async put({ orgId }: Principal, { id, ...shown }: SaveWhatsAppNumberDto): Promise<JsonText> {
    const update = this.database.manager.createQueryBuilder().update(WhatsAppNumber).set(shown);
    const { raw } = await update
      .where({ org_id: orgId, phone_number_id: id })
      .returning(`${this.row} AS text`)
      .execute();
    const [updated] = raw as { text: JsonText }[];
    if (updated === undefined) throw whatsAppErrors.whatsapp_number_not_assigned({ id });
    return updated.text;
  }
}

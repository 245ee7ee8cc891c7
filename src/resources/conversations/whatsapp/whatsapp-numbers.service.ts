import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { whatsAppErrors } from './whatsapp.errors.js';
import type { SaveWhatsAppNumberDto } from '../../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { numbersKit } from './whatsapp-numbers.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class WhatsAppNumbers extends numbersKit.Service {
  /** Updates the display fields of a number of the org. @throws AppError whatsapp_number_not_assigned (403) */
  async put({ orgId }: Principal, { id, ...shown }: SaveWhatsAppNumberDto): Promise<Wire<WhatsAppNumber>> {
    const update = this.database.manager.createQueryBuilder().update(WhatsAppNumber).set(shown);
    const { raw } = await update
      .where({ org_id: orgId, phone_number_id: id })
      .returning(`${this.row}::json AS row`)
      .execute();
    const [updated] = raw as { row: Wire<WhatsAppNumber> }[];
    if (updated === undefined) throw whatsAppErrors.whatsapp_number_not_assigned({ id });
    return updated.row;
  }
}

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { PreparedInsert } from '../../database/prepared-insert.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { AppError } from '../../errors/app-error.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
import { TEXT } from '../../wire/schema.js';
import type { PutNumberDto } from './whatsapp.dto.js';
import { WhatsAppNumber } from './whatsapp-number.entity.js';

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
  // Of another org's number nothing is changed, and no row comes back.
  readonly #put = new PreparedInsert(
    this.database,
    'whatsapp_numbers.put',
    this.metadata,
    `ON CONFLICT (phone_number_id) DO UPDATE SET display_phone_number = excluded.display_phone_number,
       verified_name = excluded.verified_name, updated_at = now()
     WHERE whatsapp_numbers.org_id = excluded.org_id
     RETURNING ${this.row} AS text`,
  );

  /** Makes or replaces the number of that id, in one statement. @throws AppError taken (409) by another org */
  async put({ orgId }: Principal, { id, ...number }: PutNumberDto): Promise<JsonText> {
    const row = { ...number, phone_number_id: id, id: uuidV7(), org_id: orgId };
    const text = await this.#put.run(row);
    if (!text) throw new AppError('taken', { what: this.definition.label, field: 'id' });
    return text;
  }
}

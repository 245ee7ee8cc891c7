import { isDeepStrictEqual } from 'node:util';
import type { BulkTable } from '../../../kit/bulk-upsert/bulk-upsert.js';
import type { Outcome, UpdatedRow } from '../../../kit/bulk-upsert/plan-rows.js';
import { NewContact } from './contact.dto.js';
import type { Contact } from './contact.entity.js';
import { mergeCustomData } from './merge-custom-data.js';

export const ADDRESS_INDEXES = ['contacts_org_email', 'contacts_org_phone_number'];
/** Set with another e-mail address. */
export const DELIVERABLE = { undeliverable_at: null, undeliverable_reason: null };

type ContactRow = Pick<
  Contact,
  'id' | 'email' | 'phone_number' | 'name' | 'custom_data' | 'undeliverable_at' | 'undeliverable_reason'
>;
export type ContactOutcome = Outcome<ContactRow>;

/** How bulk upserts match and merge contacts. */
export const CONTACT_ROWS: BulkTable<ContactRow, NewContact> = {
  list: 'contacts',
  label: 'Contact',
  dto: NewContact,
  phoneColumn: 'phone_number',
  unique: ADDRESS_INDEXES,
  blank: { email: null, phone_number: null, name: null, custom_data: {}, ...DELIVERABLE },
  merge(present, given, field) {
    const { email = present.email, phone = present.phone_number, name = present.name, custom_data = {} } = given;
    const merged = mergeCustomData(present.custom_data, custom_data, `${field}.custom_data`);
    const reset = email === present.email ? {} : DELIVERABLE;
    return { ...present, email, phone_number: phone, name, custom_data: merged, ...reset };
  },
};

export function changesData(outcome: ContactOutcome): outcome is UpdatedRow<ContactRow> {
  return outcome.status === 'updated' && !isDeepStrictEqual(outcome.row.custom_data, outcome.before.custom_data);
}

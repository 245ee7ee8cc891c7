import type { BulkTable } from '../../../kit/bulk-upsert/bulk-upsert.js';
import type { Lead } from './lead.entity.js';
import { kit } from './leads.definition.js';

type LeadRow = Pick<Lead, 'id' | 'name' | 'phone' | 'email' | 'source' | 'status' | 'score' | 'tags'>;

/** How bulk upserts match and merge leads. */
export const LEAD_ROWS: BulkTable<LeadRow, Partial<Lead>> = {
  list: 'leads',
  label: 'Lead',
  dto: kit.CreateDto,
  phoneColumn: 'phone',
  unique: [],
  blank: { name: '', phone: null, email: null, source: null, status: 'new', score: null, tags: [] },
  merge({ id, ...present }, given) {
    const { name = present.name, phone = present.phone, email = present.email, source = present.source } = given;
    const { status = present.status, score = present.score, tags = present.tags } = given;
    return { id, name, phone, email, source, status, score, tags };
  },
};

import { BulkRows } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { kit } from './leads.definition.js';

export class UpsertLeadsDto {
  @BulkRows(kit.CreateDto)
  leads: object[];
}

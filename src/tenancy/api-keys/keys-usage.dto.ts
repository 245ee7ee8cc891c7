import { AreIds } from '../../kit/lists/filters.js';

const IDS_MAX = 100;

export class KeysUsageQuery {
  @AreIds(IDS_MAX)
  ids: string;
}

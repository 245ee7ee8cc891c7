import { IsIn } from 'class-validator';
import { withheld } from '../../../kit/audit/audited-setting.js';
import { equals } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { UUID } from '../../../core/wire/schema.js';
import { COUNTS_SQL, OutcomeCounts } from './sequence-outcome.js';
import { Sequence, SEQUENCE_STATUSES } from './sequence.entity.js';

export const kit = defineCrud({
  path: 'sequences',
  scope: 'sequences',
  entity: Sequence,
  label: 'Sequence',
  offers: ['list'],
  computed: {
    org_id: { sql: 'sequences.org_id', shape: UUID },
    outcomes: { sql: COUNTS_SQL, shape: OutcomeCounts },
  },
  isSlow: true,
  filters: { status: equals('status', IsIn(SEQUENCE_STATUSES)) },
  unique: { sequences_org_custom_id: 'custom_id' },
  audited: { type: 'sequence', shownAs: { steps: withheld, outcomes: withheld } },
});

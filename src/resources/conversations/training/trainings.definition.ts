import { IsIn } from 'class-validator';
import { withheld } from '../../../kit/audit/audited-setting.js';
import { equals, isTrue } from '../../../kit/lists/filters.js';
import { searchFor } from '../../../kit/lists/full-text.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { QueryObject } from '../../../core/validation/field-types.js';
import { Training, TRAINING_TYPES } from './training.entity.js';

export const kit = defineCrud({
  path: 'training',
  scope: 'training',
  entity: Training,
  label: 'Training',
  audited: { type: 'training', calledBy: ['title'], shownAs: { content: withheld } },
  offers: ['list', 'read', 'create', 'delete'],
  filters: {
    search: searchFor(),
    type: equals('type', IsIn(TRAINING_TYPES)),
    is_draft: isTrue('is_draft'),
    metadata: { rules: [QueryObject()], condition: (value) => `metadata @> ${value}::jsonb`, isSlow: true },
  },
  checks: { training_times: { field: 'end_time', message: 'end_time must be after start_time' } },
});

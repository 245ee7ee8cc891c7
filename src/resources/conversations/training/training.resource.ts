import { IsIn } from 'class-validator';
import { QueryObject } from '../../../core/validation/field-types.js';
import { withheld } from '../../../kit/audit/audited-setting.js';
import type { Values } from '../../../kit/crud/definition.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import { equals, isTrue } from '../../../kit/lists/filters.js';
import { searchFor } from '../../../kit/lists/full-text.js';
import { ApplicableTrainings } from './applicable-trainings.service.js';
import { Training, TRAINING_TYPES } from './training.entity.js';

export const training = defineResource({
  path: 'training',
  scope: 'training',
  entity: Training,
  label: 'Training',
  audited: { type: 'training', calledBy: ['title'], shownAs: { content: withheld } },
  offers: ['list', 'read', 'create', 'put', 'delete'],
  filters: {
    search: searchFor(),
    type: equals('type', IsIn(TRAINING_TYPES)),
    is_draft: isTrue('is_draft'),
    metadata: { rules: [QueryObject()], condition: (value) => `metadata @> ${value}::jsonb`, isSlow: true },
  },
  checks: { training_times: { field: 'end_time', message: 'end_time must be after start_time' } },
  columnsOf: withPublishedAt,
  providers: [ApplicableTrainings],
});

/** A training that was published before keeps its time. */
function withPublishedAt(fields: Values<Training>, operation: 'create' | 'update'): Values<Training> {
  const { is_draft } = fields;
  if (operation === 'create') return { ...fields, published_at: is_draft === true ? null : new Date() };
  if (is_draft === undefined) return fields;
  return { ...fields, published_at: is_draft === true ? null : () => 'coalesce(published_at, now())' };
}

import { defineErrors } from '../../core/errors/define-errors.js';

export const orgErrors = defineErrors({
  org_external_id_unknown: {
    status: 404,
    message: 'Org with external_id "{external_id}" not found',
    fixedBySource: 'S1',
  },
  org_external_id_taken: {
    status: 409,
    message: 'Org with external_id "{external_id}" already exists',
    fixedBySource: 'S1',
  },
  suspended_by_operator: {
    status: 409,
    message: 'The operator suspended this org. Only the operator can resume it.',
  },
});

import { defineResource } from '../../../kit/crud/define-resource.js';
import { inRange } from '../../../kit/lists/date-range.js';
import { equalsId } from '../../../kit/lists/filters.js';
import { RedactionController } from './redaction.controller.js';
import { Redaction } from './redaction.entity.js';
import { Redactions } from './redactions.service.js';

export const redaction = defineResource({
  path: 'redaction/logs',
  scope: 'redaction',
  entity: Redaction,
  label: 'Redaction',
  offers: ['list'],
  filters: { session_id: equalsId('session_id'), ...inRange('created_at') },
  controllers: [RedactionController],
  providers: [Redactions],
});

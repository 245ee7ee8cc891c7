import { IsIn } from 'class-validator';
import { inRange } from '../../../kit/lists/date-range.js';
import { equals } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { QueryInteger } from '../../../core/validation/decorators.js';
import { nullable } from '../../../core/wire/schema.js';
import { CHANNELS } from '../chat-sessions/channels.js';
import { contactOfSession } from '../chat-sessions/chat-session-fields.js';
import { ContactInSession } from '../chat-sessions/chat-session-parts.js';
import { CsatScore } from './csat-score.entity.js';

const scoreBound = (comparison: '<=' | '>=') => ({
  rules: [QueryInteger(1, 5)],
  condition: (parameter: string) => `score ${comparison} ${parameter}::integer`,
});

export const kit = defineCrud({
  path: 'csat/scores',
  scope: 'csat',
  entity: CsatScore,
  label: 'CSAT score',
  offers: ['list'],
  computed: { contact: { sql: contactOfSession('csat_scores'), shape: nullable(ContactInSession) } },
  filters: {
    ...inRange('created_at'),
    channel: equals('channel', IsIn(CHANNELS)),
    min_score: scoreBound('>='),
    max_score: scoreBound('<='),
  },
});

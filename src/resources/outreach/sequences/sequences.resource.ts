import { defineResource } from '../../../kit/crud/define-resource.js';
import { SequenceContactStep } from './sequence-contact-step.entity.js';
import { SequenceContacts } from './sequence-contacts.service.js';
import { SequenceMails } from './sequence-mails.service.js';
import { SequenceOutcomes } from './sequence-outcomes.service.js';
import { SequenceRun } from './sequence-run.entity.js';
import { SequenceRuns } from './sequence-runs.service.js';
import { SequenceSteps } from './sequence-steps.service.js';
import { SequencesController } from './sequences.controller.js';
import { kit } from './sequences.definition.js';
import { Sequences } from './sequences.service.js';

export const sequences = defineResource({
  ...kit.definition,
  service: Sequences,
  controller: SequencesController,
  entities: [SequenceRun, SequenceContactStep],
  providers: [SequenceContacts, SequenceMails, SequenceOutcomes, SequenceRuns, SequenceSteps],
});

import { defineResource } from '../../../kit/crud/define-resource.js';
import { textAboutSession } from '../../../kit/redaction/redaction-rule.js';
import { kit } from './csat-scores.definition.js';
import { CsatScores } from './csat-scores.service.js';
import { CsatSettings } from './csat-settings.entity.js';
import { CsatSettingsStore } from './csat-settings.service.js';
import { CsatController, CsatScoresController } from './csat.controller.js';

export const csat = defineResource({
  ...kit.definition,
  service: CsatScores,
  controller: CsatScoresController,
  entities: [CsatSettings],
  controllers: [CsatController],
  providers: [CsatSettingsStore],
  redaction: [textAboutSession('csat_scores', 'comment')],
});

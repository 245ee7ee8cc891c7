import { defineResource } from '../../../kit/crud/define-resource.js';
import { textAboutSession } from '../../../kit/redaction/redaction-rule.js';
import { kit } from './csat-scores.definition.js';
import { CsatScores } from './csat-scores.service.js';
import { CsatSettings } from './csat-settings.entity.js';
import { CsatSettingsStore } from './csat-settings.service.js';
import { SurveyAnswers } from './survey-answers.service.js';
import { SurveyLinks } from './survey-links.js';
import { SurveyController } from './survey.controller.js';
import { Surveys } from './surveys.service.js';
import { CsatController, CsatScoresController } from './csat.controller.js';

export const csat = defineResource({
  ...kit.definition,
  service: CsatScores,
  controller: CsatScoresController,
  entities: [CsatSettings],
  controllers: [CsatController, SurveyController],
  providers: [CsatSettingsStore, Surveys, SurveyAnswers, SurveyLinks],
  redaction: [textAboutSession('csat_scores', 'comment')],
});

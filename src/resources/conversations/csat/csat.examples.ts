import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS, EXAMPLE_TOKENS as TOKENS } from '../../../core/wire/example-ids.js';

const SETTINGS = { auto_send: true, delay_minutes: 15, channels: { web: true, email: true } };
const LINK = { signature: TOKENS.surveySignature, expires: TOKENS.surveyExpires };
const PAGE = '<!doctype html>\n<html lang="en"><head><title>How did we do?</title></head><body>…</body></html>';

export const csatExamples = defineExamples({
  schemas: {
    CsatScore: {
      id: IDS.csatScore,
      org_id: IDS.org,
      session_id: IDS.chatSession,
      score: 5,
      comment: 'Quick and friendly.',
      channel: 'web',
    },
    SubmitScoreDto: { session_id: IDS.chatSession, score: 5, comment: 'Quick and friendly.' },
    CsatSettings: SETTINGS,
    PutCsatSettingsDto: SETTINGS,
    CsatSummary: { count: 148, average: 4.61, distribution: { 1: 3, 2: 4, 3: 8, 4: 18, 5: 115 } },
  },
  paths: {
    '/csat/scores/session/{session_id}': IDS.chatSession,
    '/surveys/{org_id}': IDS.org,
    '/surveys/{org_id}/{session_id}': IDS.surveyedSession,
    '/surveys/{org_id}/{session_id}/{score}': '5',
  },
  operations: {
    'csatScores.list': { query: { min_score: 4, channel: 'web' } },
    'csat.summary': { query: { channel: 'web' } },
    'survey.show': { query: LINK, response: PAGE },
    'survey.submit': { query: LINK, response: PAGE },
  },
});

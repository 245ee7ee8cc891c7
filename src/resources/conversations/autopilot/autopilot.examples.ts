import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const OFF = { enabled: false, assist_enabled: false, activated_by: null, updated_at: null };
const ON = {
  enabled: true,
  assist_enabled: true,
  activated_by: { id: IDS.user, type: 'user', name: 'Maya Okafor' },
  updated_at: '2026-03-09T14:05:00.000Z',
};

export const autopilotExamples = defineExamples({
  schemas: {
    AutopilotChannel: ON,
    AutopilotSettings: {
      channels: {
        web: ON,
        email: ON,
        phone_voice: OFF,
        slack: OFF,
        sms: OFF,
        whatsapp: OFF,
        instagram: OFF,
        messenger: OFF,
        api: OFF,
        web_voice: OFF,
      },
    },
    UpdateAutopilotChannelDto: { enabled: true, assist_enabled: true },
    AutopilotTopic: {
      id: IDS.autopilotTopic,
      topic: 'Accidents on board',
      mode: 'handoff',
      created_by: ON.activated_by,
    },
    CreateAutopilotTopicDto: { topic: 'Accidents on board', mode: 'handoff' },
  },
  paths: { '/autopilot/channels/{channel}': 'web', '/autopilot/topics/{id}': IDS.autopilotTopic },
});

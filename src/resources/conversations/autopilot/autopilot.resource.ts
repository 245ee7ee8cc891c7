import { defineResource } from '../../../kit/crud/define-resource.js';
import { AutoReplies } from '../chat-sessions/auto-replies.js';
import { Autopilot } from './autopilot.service.js';
import { AutopilotChannel } from './autopilot-channel.entity.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { kit } from './autopilot-topics.definition.js';
import { AutopilotTopics } from './autopilot-topics.service.js';
import { AutopilotController } from './autopilot.controller.js';
import { Drafts } from './drafts.service.js';
import { Knowledge } from './knowledge.service.js';
import { ModelAnswers } from './model-answers.service.js';
import { SessionReviews } from './session-reviews.service.js';
import { Replies } from './replies.service.js';

export const autopilot = defineResource({
  ...kit.definition,
  service: AutopilotTopics,
  entities: [AutopilotChannel],
  controllers: [AutopilotController],
  providers: [
    AutopilotChannels,
    Drafts,
    Knowledge,
    ModelAnswers,
    Replies,
    SessionReviews,
    { provide: AutoReplies, useClass: Autopilot },
  ],
});

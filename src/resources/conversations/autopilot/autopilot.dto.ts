import { IsBoolean } from 'class-validator';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import { Optional } from '../../../core/validation/decorators.js';
import { RequiresMentionOf } from '../../../core/validation/field-groups.js';
import { Field } from '../../../core/wire/field.js';
import { listOf } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';
import { AutopilotChannel } from './autopilot-channel.entity.js';
import { AutopilotTopic } from './autopilot-topic.entity.js';
import { KNOWLEDGE_SCOPES } from './knowledge.service.js';

@RequiresMentionOf('enabled', 'assist_enabled')
export class UpdateAutopilotChannelDto {
  @Optional()
  @IsBoolean()
  enabled?: boolean;

  @Optional()
  @IsBoolean()
  assist_enabled?: boolean;
}

/**
 * The scopes that a key needs to switch a setting on: those of the routes that do what the AI does. Switching off needs
 * none of them.
 */
export const SETTING_SCOPES: Readonly<Record<keyof UpdateAutopilotChannelDto, readonly OrgScope[]>> = {
  enabled: ['chat-sessions:read', 'chat-sessions:write', ...KNOWLEDGE_SCOPES],
  assist_enabled: ['chat-sessions:read', 'chat-sessions:write', ...KNOWLEDGE_SCOPES],
};

export type ShownChannel = Omit<AutopilotChannel, 'org_id' | 'channel'>;

export class AutopilotSettings {
  @Field({
    type: 'object',
    required: CHANNELS,
    properties: Object.fromEntries(CHANNELS.map((channel) => [channel, AutopilotChannel])),
  })
  channels: Record<Channel, ShownChannel>;

  @Field(listOf(AutopilotTopic))
  topics: Omit<AutopilotTopic, 'org_id'>[];
}

import { IsBoolean } from 'class-validator';
import { Optional } from '../../validation/decorators.js';
import { Field } from '../../wire/field.js';
import { listOf } from '../../wire/schema.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';
import { AutopilotChannel } from './autopilot-channel.entity.js';
import { AutopilotTopic } from './autopilot-topic.entity.js';

/** One of them at least. */
export class ChangeChannelDto {
  @Optional()
  @IsBoolean()
  enabled?: boolean;

  @Optional()
  @IsBoolean()
  assist_enabled?: boolean;
}

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

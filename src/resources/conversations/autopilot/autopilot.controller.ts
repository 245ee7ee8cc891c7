import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Answers } from '../../../core/wire/answers.js';
import { AutopilotSettings, UpdateAutopilotChannelDto, SETTING_SCOPES, type ShownChannel } from './autopilot.dto.js';
import { AutopilotChannel } from './autopilot-channel.entity.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { AutopilotTopics } from './autopilot-topics.service.js';

@Controller('autopilot')
export class AutopilotController {
  constructor(
    private readonly channels: AutopilotChannels,
    private readonly topics: AutopilotTopics,
    private readonly settings: SettingChanges,
  ) {}

  @Get()
  @RequireScope('autopilot', 'read')
  @Answers(200, AutopilotSettings, 'Get what the AI does on each channel, and what it leaves alone')
  async read(@CurrentPrincipal() principal: Principal): Promise<AutopilotSettings> {
    return { channels: await this.channels.all(principal), topics: await this.topics.all(principal) };
  }

  @Patch('channels/:channel')
  @RequireScope('autopilot', 'write')
  @Answers(200, AutopilotChannel, 'Switch the AI on or off on a channel', {
    description: `To switch something on, the key also needs ${new Intl.ListFormat('en').format(SETTING_SCOPES.enabled)}.`,
  })
  change(
    @CurrentCaller() caller: Caller,
    @Param('channel') channel: string,
    @Body() dto: UpdateAutopilotChannelDto,
  ): Promise<ShownChannel> {
    const { principal } = caller;
    const change = () => this.channels.change(principal, channel, dto);
    return this.settings.watch(caller, this.channels.audited(principal, channel), change);
  }
}

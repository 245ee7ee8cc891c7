import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers } from '../../../core/wire/answers.js';
import { ShownWidgetConfig, ShownWidgetToken, UpdateWidgetConfigDto } from './widget.dto.js';
import { Widget } from './widget.service.js';

@Controller('widget')
export class WidgetController {
  constructor(private readonly service: Widget) {}

  @Get('config')
  @RequireScope('widget', 'read')
  @Answers(200, ShownWidgetConfig, 'Get the widget configuration', { refusals: [404] })
  read(@CurrentPrincipal() principal: Principal): Promise<ShownWidgetConfig> {
    return this.service.read(principal);
  }

  @Patch('config')
  @RequireScope('widget', 'write')
  @Answers(200, ShownWidgetConfig, 'Change the widget configuration', { refusals: [404] })
  change(@CurrentCaller() caller: Caller, @Body() dto: UpdateWidgetConfigDto): Promise<ShownWidgetConfig> {
    return this.service.change(caller, dto);
  }

  @Post('token/rotate')
  @RequireScope('widget', 'write')
  @Answers(200, ShownWidgetToken, 'Replace the widget token', {
    refusals: [404],
    description: 'The old one stops at once.',
  })
  rotateToken(@CurrentCaller() caller: Caller): Promise<ShownWidgetToken> {
    return this.service.rotateToken(caller);
  }
}

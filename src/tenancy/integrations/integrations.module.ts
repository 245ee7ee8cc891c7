import { Module } from '@nestjs/common';
import { IntegrationsController } from './integrations.controller.js';
import { Integrations } from './integrations.service.js';
import { LiveChecks } from './live-checks.js';

@Module({
  controllers: [IntegrationsController],
  providers: [Integrations, LiveChecks],
  exports: [Integrations],
})
export class IntegrationsModule {}

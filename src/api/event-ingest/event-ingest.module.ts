import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { BrowserAnswers } from './browser-answers.js';
import { EventsController } from './events.controller.js';
import { Events } from './events.service.js';

@Module({
  imports: [ApiKeysModule],
  controllers: [EventsController],
  providers: [Events, BrowserAnswers],
  exports: [Events],
})
export class EventIngestModule {}

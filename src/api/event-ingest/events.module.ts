import { Module } from '@nestjs/common';
import { BrowserAnswers } from './browser-answers.js';
import { EventsController } from './events.controller.js';
import { Events } from './events.service.js';
import { ListedOrigins } from './listed-origins.js';

@Module({
  controllers: [EventsController],
  providers: [Events, BrowserAnswers, ListedOrigins],
  exports: [Events],
})
export class EventsModule {}

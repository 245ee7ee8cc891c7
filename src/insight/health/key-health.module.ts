import { Module } from '@nestjs/common';
import { KeyOverviewController } from './key-overview.controller.js';
import { KeyOverviews } from './key-overview.service.js';

/** What keys are like: their usage, what they are denied, and what they call for. */
@Module({ controllers: [KeyOverviewController], providers: [KeyOverviews] })
export class KeyHealthModule {}

import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DashboardController } from './dashboard.controller.js';

@Module({ imports: [SessionsModule], controllers: [DashboardController] })
export class DashboardModule {}

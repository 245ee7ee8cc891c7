import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { LoginLinksController } from './login-links.controller.js';
import { LoginLinks } from './login-links.service.js';

@Module({
  imports: [MembersModule, SessionsModule],
  controllers: [LoginLinksController],
  providers: [LoginLinks],
  exports: [LoginLinks],
})
export class LoginLinksModule {}

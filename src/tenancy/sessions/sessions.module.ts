import { Module } from '@nestjs/common';
import { SessionStore } from '../../access/ports/session-store.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { MembersModule } from '../members/members.module.js';
import { DeclaredServicesModule } from '../services/declared-services.module.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.service.js';

@Module({
  imports: [MembersModule, DeclaredServicesModule],
  controllers: [SessionsController],
  providers: [
    Sessions,
    { provide: SessionStore, useExisting: Sessions },
    { provide: SessionCookie, useFactory: (config: Config) => new SessionCookie(config), inject: [CONFIG] },
  ],
  exports: [Sessions, SessionStore, SessionCookie],
})
export class SessionsModule {}

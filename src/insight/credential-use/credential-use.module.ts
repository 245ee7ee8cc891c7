import { Module } from '@nestjs/common';
import { CredentialUses } from './credential-uses.service.js';
import { KeyCredentialsController } from './key-credentials.controller.js';

/** Where the credentials of keys were last used. */
@Module({ controllers: [KeyCredentialsController], providers: [CredentialUses] })
export class CredentialUseModule {}

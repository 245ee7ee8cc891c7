import { Module } from '@nestjs/common';
import { GrantableScopes } from './grantable-scopes.js';

@Module({ providers: [GrantableScopes], exports: [GrantableScopes] })
export class GrantableScopesModule {}

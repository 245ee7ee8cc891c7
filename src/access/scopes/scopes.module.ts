import { Global, Module } from '@nestjs/common';
import { ScopeCatalogue } from './scope-catalogue.service.js';

/** The scopes that keys can be granted. */
@Global()
@Module({ providers: [ScopeCatalogue], exports: [ScopeCatalogue] })
export class ScopesModule {}

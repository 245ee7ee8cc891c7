import { Module } from '@nestjs/common';
import { Orgs } from './orgs.service.js';

@Module({ providers: [Orgs], exports: [Orgs] })
export class OrgsModule {}

import { Module } from '@nestjs/common';
import { Partners } from './partners.service.js';

@Module({ providers: [Partners], exports: [Partners] })
export class PartnersModule {}

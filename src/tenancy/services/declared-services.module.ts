import { Module } from '@nestjs/common';
import { DeclaredServices } from './declared-services.js';

@Module({ providers: [DeclaredServices], exports: [DeclaredServices] })
export class DeclaredServicesModule {}

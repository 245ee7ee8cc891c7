import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OpenApiController } from './openapi.controller.js';
import { ReferenceController } from './reference.controller.js';
import { RootController } from './root.controller.js';

@Module({ imports: [DiscoveryModule], controllers: [OpenApiController, ReferenceController, RootController] })
export class OpenApiModule {}

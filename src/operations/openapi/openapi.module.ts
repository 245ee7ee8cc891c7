import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Examples } from '../../core/wire/examples.js';
import { EXAMPLES, OpenApiController } from './openapi.controller.js';
import { ReferenceController } from './reference.controller.js';
import { RootController } from './root.controller.js';

@Module({})
export class OpenApiModule {
  /** @param examples of all features */
  static with(examples: readonly Examples[]): DynamicModule {
    return {
      module: OpenApiModule,
      imports: [DiscoveryModule],
      controllers: [OpenApiController, ReferenceController, RootController],
      providers: [{ provide: EXAMPLES, useValue: examples }],
    };
  }
}

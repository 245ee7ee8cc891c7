import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { policyOf, type RoutePolicy } from './decorators/route-policy.js';

// Nest's own key for what @Get() and the like leave on a handler.
const PATH_METADATA = 'path';

export interface DeclaredRoute {
  /** `TagsController.list` */
  readonly name: string;
  readonly policy: RoutePolicy | undefined;
}

/** Closed by default: a route that says nothing of who may call it fails the start, by name. */
@Injectable()
export class RouteAudit implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const open = this.routes()
      .filter(({ policy }) => policy === undefined)
      .map(({ name }) => name);
    if (open.length > 0) throw new Error(`Routes without an audience or a scope: ${open.join(', ')}`);
  }

  routes(): DeclaredRoute[] {
    return this.discovery.getControllers().flatMap(({ instance, name }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((method) => Reflect.hasMetadata(PATH_METADATA, prototype[method]!))
        .map((method) => ({ name: `${name}.${method}`, policy: policyOf(prototype[method]!) }));
    });
  }
}

import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type DeclaredRoute, declaredRoutes } from './declared-routes.js';

/** Closed by default: a route that says nothing of who may call it fails the start, by name. */
@Injectable()
export class RouteAudit implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const open = this.routes()
      .filter(({ policy }) => policy === undefined)
      .map(({ name }) => name);
    if (open.length > 0) throw new Error(`Routes without an audience or a scope: ${open.join(', ')}`);
  }

  routes(): DeclaredRoute[] {
    return declaredRoutes(this.discovery.getControllers().map(({ metatype }) => metatype as Type));
  }
}

import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type DeclaredRoute, declaredRoutes } from './declared-routes.js';

/** Fails the start if a route declares no policy, and names the route. */
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

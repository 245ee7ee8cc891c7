import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { INestApplicationContext } from '@nestjs/common';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { type DeclaredRoute, templateOf } from '../../../src/access/routes/declared-routes.js';
import type { RoutePolicy } from '../../../src/access/routes/route-policy.js';
import { RouteAudit } from '../../../src/access/routes/route-audit.js';
import type { Environment } from '../../../src/core/config/setting-reader.js';
import { TestServer } from '../../support/start-app.js';
import { UNKNOWN_ID } from '../../support/unknown-id.js';

/** A route in the router of the running server. */
export interface ServedRoute extends DeclaredRoute {
  /** `GET /tags/:tag_name` */
  readonly name: string;
  readonly policy: RoutePolicy;
}

/** Starts a server, and collects the routes that it registers. */
export async function startServer(settings: Environment = {}): Promise<{ server: TestServer; routes: ServedRoute[] }> {
  const registered: string[] = [];
  const listen = (message: unknown) => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const each of [method].flat()) registered.push(`${each} ${url}`);
    });
  };
  // Hooks for routes must be added before any route. Fastify announces new instances on this channel.
  subscribe('fastify.initialization', listen);
  try {
    const server = await TestServer.start(settings);
    return { server, routes: routesOf(server.app, registered) };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

/**
 * Matches the registered routes with their handlers.
 * @throws Error if no controller declares a route, because it would have no policy
 */
function routesOf(app: INestApplicationContext, registered: readonly string[]): ServedRoute[] {
  const declared = new Map(
    app
      .get(RouteAudit)
      .routes()
      .map((route) => [`${route.method} ${route.path}`, route]),
  );
  const isTwin = (name: string) => name.startsWith('HEAD ') && registered.includes(name.replace('HEAD', 'GET'));
  // Fastify adds HEAD for each GET, with the same handler and guards.
  const anyMethod = (name: string) => name.replace(/^\S+/, 'ALL');
  const names = new Set(
    registered.filter((name) => !isTwin(name)).map((name) => (declared.has(anyMethod(name)) ? anyMethod(name) : name)),
  );
  const strangers = [...names].filter((name) => declared.get(name)?.policy === undefined);
  if (strangers.length > 0) throw new Error(`No controller declares ${strangers.join(', ')}`);
  return [...names].map((name) => ({ ...declared.get(name)!, policy: declared.get(name)!.policy!, name }));
}

/** The path with parameters from `values`, and an unknown id for the others. */
export function concretePath(path: string, values: Readonly<Record<string, string>> = {}): string {
  return templateOf(path).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? UNKNOWN_ID);
}

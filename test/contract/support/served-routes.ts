import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { INestApplicationContext } from '@nestjs/common';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { DeclaredRoute } from '../../../src/access/routes/declared-routes.js';
import type { RoutePolicy } from '../../../src/access/routes/route-policy.js';
import { RouteAudit } from '../../../src/access/routes/route-audit.js';
import type { Environment } from '../../../src/core/config/setting-reader.js';
import { TestServer } from '../../support/start-app.js';
import { UNKNOWN_ID } from '../../support/unknown-id.js';

/** A route that the running server's own router serves. */
export interface ServedRoute extends DeclaredRoute {
  /** `GET /tags/:tag_name` */
  readonly name: string;
  readonly policy: RoutePolicy;
}

/** A server, and every route that its router was given while it started. */
export async function startServer(settings: Environment = {}): Promise<{ server: TestServer; routes: ServedRoute[] }> {
  const registered: string[] = [];
  const listen = (message: unknown) => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const each of [method].flat()) registered.push(`${each} ${url}`);
    });
  };
  // Fastify says on this channel that an instance was made: hooks of routes are too late once it has routes.
  subscribe('fastify.initialization', listen);
  try {
    const server = await TestServer.start(settings);
    return { server, routes: routesOf(server.app, registered) };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

/**
 * The router's list with each route's handler.
 * @throws Error naming routes that no controller declares: nobody would have judged who may call them
 */
function routesOf(app: INestApplicationContext, registered: readonly string[]): ServedRoute[] {
  const declared = new Map(
    app
      .get(RouteAudit)
      .routes()
      .map((route) => [`${route.method} ${route.path}`, route]),
  );
  const isTwin = (name: string) => name.startsWith('HEAD ') && registered.includes(name.replace('HEAD', 'GET'));
  // Fastify answers HEAD with what GET answers, less its body: the same handler behind the same guards.
  const names = registered.filter((name) => !isTwin(name));
  const strangers = names.filter((name) => declared.get(name)?.policy === undefined);
  if (strangers.length > 0) throw new Error(`No controller declares ${strangers.join(', ')}`);
  return names.map((name) => ({ ...declared.get(name)!, policy: declared.get(name)!.policy!, name }));
}

/** The path with its parameters filled in: those that `values` names, else the id that no row has. */
export function concretePath(path: string, values: Readonly<Record<string, string>> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? UNKNOWN_ID);
}

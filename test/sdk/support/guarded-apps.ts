import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { All, Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { gatehouse as forExpress } from '../../../sdk/src/middleware/express.js';
import { gatehouse as forFastify } from '../../../sdk/src/middleware/fastify.js';
import { gatehouse as forHono, type GatehouseVariables } from '../../../sdk/src/middleware/hono.js';
import { Caller, GatehouseGuard, RequireScope } from '../../../sdk/src/middleware/nestjs.js';
import type { GatehousePrincipal, VerifierOptions } from '../../../sdk/src/middleware/express.js';

/** An app of a customer, whose handlers answer the principal. */
export interface GuardedApp {
  readonly url: string;
  /** Calls that reached a handler. */
  readonly reached: string[];
  close(): Promise<void>;
}

export interface AppOptions extends VerifierOptions {
  /** What `SCOPED_PATH` needs. */
  readonly scope: string;
  /** The app believes X-Forwarded-For of its proxy. */
  readonly behindProxy?: boolean;
}

type StartApp = (options: AppOptions) => Promise<GuardedApp>;

/** The code names the scope of this path; the declared routes decide about all others. */
export const SCOPED_PATH = '/reports';

const startExpress: StartApp = async ({ behindProxy = false, scope, ...options }) => {
  const { guard, requireScope } = forExpress(options);
  const reached: string[] = [];
  const answer: express.RequestHandler = (request, response) => {
    reached.push(request.originalUrl);
    response.json(request.gatehouse);
  };
  const app = express().set('trust proxy', behindProxy && 'loopback');
  app.get(SCOPED_PATH, requireScope(scope), answer);
  app.use(guard, answer);
  return listening(app.listen(0, '127.0.0.1'), reached);
};

const startFastify: StartApp = async ({ behindProxy = false, scope, ...options }) => {
  const reached: string[] = [];
  const app = fastify({ trustProxy: behindProxy && 'loopback', forceCloseConnections: true });
  // As compression does: the response isn't sent yet when the hook of the plugin ends.
  app.addHook('onSend', async () => setImmediate());
  await app.register(forFastify, options);
  const handler = async (request: fastify.FastifyRequest) => {
    reached.push(request.originalUrl);
    return request.gatehouse;
  };
  app.get(SCOPED_PATH, { config: { requireScope: scope } }, handler);
  app.all('/*', handler);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, reached, close: () => app.close() };
};

const startHono: StartApp = async ({ behindProxy = false, scope, ...options }) => {
  const { guard, requireScope } = forHono({
    ...options,
    ...(behindProxy && { clientIp: (c) => c.req.header('x-forwarded-for') }),
  });
  const reached: string[] = [];
  const app = new Hono<{ Variables: GatehouseVariables }>();
  app.get(SCOPED_PATH, requireScope(scope), (c) => {
    reached.push(c.req.path);
    return c.json(c.var.gatehouse);
  });
  app.all('*', guard, (c) => {
    reached.push(c.req.path);
    // Not by the context, whose headers it would get by itself.
    return Response.json(c.var.gatehouse);
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  return listening(server, reached);
};

const startNest: StartApp = async ({ behindProxy = false, scope, ...options }) => {
  const reached: string[] = [];

  @Controller()
  class InvoicesController {
    @All(SCOPED_PATH)
    @RequireScope(scope)
    report(@Caller() caller: GatehousePrincipal): GatehousePrincipal {
      reached.push(SCOPED_PATH);
      return caller;
    }

    @All('*')
    invoices(@Caller() caller: GatehousePrincipal): GatehousePrincipal {
      reached.push('invoices');
      return caller;
    }
  }

  @Module({ controllers: [InvoicesController] })
  class AppModule {}

  const adapter = new FastifyAdapter({ trustProxy: behindProxy && 'loopback', forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false });
  app.useGlobalGuards(new GatehouseGuard(options));
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), reached, close: () => app.close() };
};

export const FRAMEWORKS: readonly (readonly [name: string, start: StartApp])[] = [
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Hono', startHono],
  ['NestJS', startNest],
];

async function listening(server: Server, reached: string[]): Promise<GuardedApp> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reached, close };
}

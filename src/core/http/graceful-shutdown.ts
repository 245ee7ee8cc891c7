import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server } from 'node:net';
import { setImmediate as afterReading, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long a kept-alive connection may send one more request. */
const LAST_REQUEST_MS = 2_000;
/**
 * Longer than any answer takes, including the database's timeouts. After this time the server closes connections with
 * an incomplete request or none, which don't count as idle and would block the shutdown.
 */
const CLOSE_ALL_AFTER_MS = 6_000;

/**
 * Closes the server's connections without failing a request. The server first stops accepting connections. Fastify then
 * sends `Connection: close` with the next answer on each connection. Connections without a request in that time are
 * closed. Node would close idle connections at once, and lose requests that are on their way.
 */
@Injectable()
export class GracefulShutdown implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Runs before clients learn of the shutdown: they reconnect at once, and a connection that waits in the backlog is reset. */
  async beforeApplicationShutdown(): Promise<void> {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    if (!server?.listening) return;
    await afterReading();
    closeListener(server);
  }

  /** Must run before the server starts. */
  static register(fastify: FastifyInstance): void {
    fastify.addHook('preClose', async () => {
      setTimeout(() => fastify.server.closeAllConnections(), CLOSE_ALL_AFTER_MS).unref();
      const ended = new Promise<void>((resolve) => closeListener(fastify.server, resolve));
      await Promise.race([ended, sleep(LAST_REQUEST_MS, undefined, { ref: false })]);
      // A busy process reads only now what has arrived; those connections are not idle.
      await afterReading();
    });
  }
}

/**
 * Stops accepting connections. Unlike `http.Server.close`, it leaves idle connections open.
 * @param onClosed called when no connection is left; a later call can add another
 */
function closeListener(server: Server, onClosed?: () => void): void {
  Server.prototype.close.call(server, onClosed);
}

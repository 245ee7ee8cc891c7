import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server } from 'node:net';
import { setImmediate as afterReading, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long a connection that is kept alive has to bring one more request. */
const ONE_MORE_REQUEST_MS = 2_000;
/**
 * Longer than any answer takes, the database's time limits included. Then whoever never finished to ask, or asked
 * nothing, is cut off: neither counts as idle, and each would hold up the end as long as it likes.
 */
const ANSWERED_WITHIN_MS = 6_000;

/**
 * The end of the server's connections, without failing a request. First it takes no new ones. Then Fastify tells each
 * by its next answer (`Connection: close`), and those that bring no request in a while are closed; closing idle ones at
 * once, as Node does, would hit requests that are on their way.
 */
@Injectable()
export class LastRequests implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Before anybody is told: who is told comes back at once, and would be reset while he waits to be taken. */
  async beforeApplicationShutdown(): Promise<void> {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    if (!server?.listening) return;
    await afterReading();
    closeListener(server);
  }

  /** Registered before the server starts. */
  static wait(fastify: FastifyInstance): void {
    fastify.addHook('preClose', async () => {
      setTimeout(() => fastify.server.closeAllConnections(), ANSWERED_WITHIN_MS).unref();
      const ended = new Promise<void>((resolve) => closeListener(fastify.server, resolve));
      await Promise.race([ended, sleep(ONE_MORE_REQUEST_MS, undefined, { ref: false })]);
      // A busy process finds what has arrived meanwhile only now; a connection that brought it is not idle.
      await afterReading();
    });
  }
}

/**
 * As `http` would, but leaves idle connections open.
 * @param ended called when there is none any more; may be asked for again later
 */
function closeListener(server: Server, ended?: () => void): void {
  Server.prototype.close.call(server, ended);
}

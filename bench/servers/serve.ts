import { env, stdout } from 'node:process';
import type { FastifyInstance } from 'fastify';

/** What the bench told this server. */
export function setting(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Listens where there is room, says where, and ends when it is told to. */
export async function serve(app: { close(): Promise<unknown> }, listen: () => Promise<string>): Promise<void> {
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  stdout.write(`listens on ${await listen()}\n`);
}

export function serveFastify(app: FastifyInstance): Promise<void> {
  return serve(app, () => app.listen({ port: 0, host: '127.0.0.1' }));
}

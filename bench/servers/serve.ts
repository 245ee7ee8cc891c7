import { env, stdout } from 'node:process';
import type { FastifyInstance } from 'fastify';

/** The settings from the bench. */
export function setting(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Listens on a free port, logs its URL, and ends on SIGTERM. */
export async function serve(app: { close(): Promise<unknown> }, listen: () => Promise<string>): Promise<void> {
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  stdout.write(`listens on ${await listen()}\n`);
}

export function serveFastify(app: FastifyInstance): Promise<void> {
  return serve(app, () => app.listen({ port: 0, host: '127.0.0.1' }));
}

import {
  openEmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/core/database/embedded-postgres/embedded-postgres.js';

/** The messages of a process that opens the embedded Postgres and closes it on request. */
export type UserMessage =
  | { readonly event: 'log'; readonly line: string }
  | { readonly event: 'open'; readonly url: string; readonly serverUrl: string; readonly directory: string }
  | { readonly event: 'failed'; readonly message: string }
  | { readonly event: 'closed' };

function say(message: UserMessage): void {
  process.send?.(message);
}

const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedPostgresOptions;
try {
  const postgres = await openEmbeddedPostgres({ ...options, log: (line) => say({ event: 'log', line }) });
  process.once('message', () => {
    void postgres.close().then(() => {
      say({ event: 'closed' });
      // Only disconnect: the process then ends by itself if nothing is left open.
      process.disconnect();
    });
  });
  const { url, serverUrl, directory } = postgres;
  say({ event: 'open', url, serverUrl, directory });
} catch (error) {
  say({ event: 'failed', message: (error as Error).message });
  process.disconnect();
}

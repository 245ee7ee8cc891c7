/** Imports a module of the built server, so that the bench measures what is shipped. The types come from `src/`. */
export function built<T>(path: string): Promise<T> {
  return import(new URL(`../dist/src/${path}`, import.meta.url).href) as Promise<T>;
}

export const { digestOf, mintKeyPair, mintOpaqueKey } = await built<
  typeof import('../src/access/credentials/credential-format.ts')
>('access/credentials/credential-format.js');
export const { hashSecret } = await built<typeof import('../src/access/credentials/secret-verifier.ts')>(
  'access/credentials/secret-verifier.js',
);
export const { uuidV7 } = await built<typeof import('../src/core/database/uuid-v7.ts')>('core/database/uuid-v7.js');
export const { runMigrations } =
  await built<typeof import('../src/core/database/migrate.ts')>('core/database/migrate.js');
export const { openEmbeddedPostgres } = await built<
  typeof import('../src/core/database/embedded-postgres/embedded-postgres.ts')
>('core/database/embedded-postgres/embedded-postgres.js');

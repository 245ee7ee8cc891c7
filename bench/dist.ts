/** What the bench takes from the built server, so that it measures what is shipped. The types are its sources'. */
export function built<T>(path: string): Promise<T> {
  return import(new URL(`../dist/src/${path}`, import.meta.url).href) as Promise<T>;
}

export const { digestOf, mintKeyPair, mintOpaqueKey } =
  await built<typeof import('../src/access/credential-format.ts')>('access/credential-format.js');
export const { hashSecret } =
  await built<typeof import('../src/access/secret-verifier.ts')>('access/secret-verifier.js');
export const { uuidV7 } = await built<typeof import('../src/database/uuid-v7.ts')>('database/uuid-v7.js');
export const { runMigrations } = await built<typeof import('../src/database/migrate.ts')>('database/migrate.js');
export const { openEmbeddedPostgres } = await built<
  typeof import('../src/database/embedded-postgres/embedded-postgres.ts')
>('database/embedded-postgres/embedded-postgres.js');

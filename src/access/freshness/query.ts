/** Runs one statement in autocommit on the primary, such as a pool's `query`. */
export type Query = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

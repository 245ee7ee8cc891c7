/** One statement in autocommit on the primary; a pool's own `query` fits. */
export type Query = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

import { Database } from '../../core/database/database.js';
import { notFound } from '../../core/errors/core-errors.js';
import { rowId } from '../../core/wire/row-id.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';

/** Finds a key of any owner. @throws AppError not_found (404) */
export async function findKeyOrThrow({ dataSource }: Database, id: string): Promise<ApiKey> {
  const key = await dataSource.manager.findOneBy(ApiKey, { id: rowId(id) });
  if (!key) throw notFound('API key');
  return key;
}

/** Finds a key of an org: only such keys have settings. @throws AppError not_found (404) */
export async function findOrgKeyOrThrow(database: Database, id: string): Promise<ApiKey & { readonly org_id: string }> {
  const key = await findKeyOrThrow(database, id);
  if (key.org_id === null) throw notFound('API key of an org');
  return Object.assign(key, { org_id: key.org_id });
}

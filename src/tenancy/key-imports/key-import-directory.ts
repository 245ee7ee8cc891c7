import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { WireJson } from '../../core/wire/wire-json.js';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { Usage } from '../../kit/usage/usage.service.js';
import type { KeyImportList } from './key-imports.dto.js';

const LIST = `
  SELECT json_build_object('items', coalesce(json_agg(json_build_object(
    'id', id, 'name', name, 'algorithm', format ->> 'algorithm', 'has_pepper', pepper IS NOT NULL,
    'tokens', format -> 'tokens', 'total', total, 'used', used,
    'used_percent', CASE total WHEN 0 THEN 0 ELSE 100 * used / total END,
    'created_at', ${instantAsText('created_at')}, 'last_batch_at', ${instantAsText('last_batch_at')},
    'last_batch', json_build_object('created', last_created, 'exists', last_existing, 'invalid', last_invalid)
  ) ORDER BY id DESC), '[]'))::text
  FROM key_imports, LATERAL (
    SELECT count(*)::int AS total, count(*) FILTER (WHERE ${lastUsedSql('imported_keys.key_id')} IS NOT NULL)::int AS used
    FROM imported_keys WHERE import_id = key_imports.id
  ) counted
  WHERE org_id = $1`;

/** Reads the imports of an org with their progress. */
@Injectable()
export class KeyImportDirectory {
  constructor(
    private readonly database: Database,
    private readonly usages: Usage,
  ) {}

  /** Counts this process's unsaved requests too. */
  async list(orgId: string): Promise<WireJson<KeyImportList>> {
    await this.usages.flush();
    return new WireJson((await this.database.slowReads.run({ name: '', text: LIST }, [orgId]))!);
  }
}

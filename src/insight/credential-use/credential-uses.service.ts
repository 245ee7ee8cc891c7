import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { notFound } from '../../core/errors/core-errors.js';
import { WireJson } from '../../core/wire/wire-json.js';
import { lastUseSql } from '../../kit/usage/usage-sql.js';
import { Usage } from '../../kit/usage/usage.service.js';
import type { KeyCredentials } from './key-credentials.dto.js';

const CREDENTIALS = `
  SELECT json_build_object('items', (
    SELECT coalesce(json_agg(json_build_object('id', id,
      ${['created_at', 'rotated_at', 'retires_at'].map((column) => `'${column}', ${instantAsText(column)}`).join(', ')},
      'is_current', rotated_at IS NULL, 
      'awaits_first_use', rotated_at IS NULL AND overlap_seconds IS NOT NULL AND first_used_at IS NULL,
      'last_used', ${lastUseSql('key_credentials.id')}) ORDER BY id DESC), '[]')
    FROM key_credentials WHERE key_id = api_keys.id
  ))::text
  FROM api_keys WHERE org_id = $1 AND id = $2`;

/** Shows where each credential of a key was last used, so that after a rotation the callers of the old one are known. */
@Injectable()
export class CredentialUses {
  constructor(
    private readonly database: Database,
    private readonly usages: Usage,
  ) {}

  /** Counts this process's unsaved requests too. @throws AppError not_found (404) */
  async list(orgId: string, keyId: string): Promise<WireJson<KeyCredentials>> {
    await this.usages.flush();
    const text = await this.database.slowReads.run({ name: '', text: CREDENTIALS }, [orgId, keyId]);
    if (text == null) throw notFound('API key');
    return new WireJson(text);
  }
}

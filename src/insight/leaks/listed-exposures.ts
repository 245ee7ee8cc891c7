import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { notFound } from '../../core/errors/core-errors.js';
import { WireJson } from '../../core/wire/wire-json.js';
import type { KeyExposures } from './key-exposure.dto.js';

const EXPOSURES = `
  SELECT json_build_object('items', (
    SELECT coalesce(json_agg(json_build_object('id', id, 'credential_id', credential_id, 'reported_by', reported_by,
      'url', nullif(url, ''), 'found_in', found_in, 'action', action,
      'created_at', ${instantAsText('created_at')}) ORDER BY id DESC), '[]')
    FROM key_exposures WHERE key_id = api_keys.id
  ))::text
  FROM api_keys WHERE org_id = $1 AND id = $2`;

/** Shows where the credentials of a key were found. */
@Injectable()
export class ListedExposures {
  constructor(private readonly database: Database) {}

  /** @throws AppError not_found (404) */
  async list(orgId: string, keyId: string): Promise<WireJson<KeyExposures>> {
    const text = await this.database.slowReads.run({ name: '', text: EXPOSURES }, [orgId, keyId]);
    if (text == null) throw notFound('API key');
    return new WireJson(text);
  }
}

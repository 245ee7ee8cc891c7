import type { Purpose } from '../../core/encryption/sealed-columns.js';

/** A pepper is sealed for its row. */
export function pepperPurpose(orgId: string, importId: string): Purpose {
  return `key_imports.pepper ${orgId} ${importId}`;
}

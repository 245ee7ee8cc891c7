import { invalidField } from '../../core/errors/invalid-request.js';
import type { Filters } from '../../kit/lists/filters.js';
import type { ApiKey } from './api-key.entity.js';
import { ExternalId, type KeyLabelsDto, METADATA_PAIRS_MAX, MetadataPair, Tag } from './key-labels.dto.js';
import type { UpdateApiKeyDto } from './key-settings.dto.js';

/** The columns of what managers attach to a key. Guards don't read them. */
export type KeyLabels = Pick<ApiKey, 'metadata' | 'tags' | 'external_id'>;

export function labelsOf({ metadata, tags, external_id }: KeyLabelsDto): KeyLabels {
  return { metadata: metadata ?? {}, tags: tags ?? [], external_id: external_id ?? null };
}

/**
 * Merges metadata (RFC 7396), and replaces tags and the external id.
 * @returns the columns to change; undefined ones stay
 * @throws AppError invalid_request (400) for too many pairs
 */
export function labelsAfter(
  key: KeyLabels,
  { metadata, tags, external_id }: Pick<UpdateApiKeyDto, keyof KeyLabels>,
): Partial<KeyLabels> {
  return {
    metadata: metadata === undefined ? undefined : merged(key.metadata, metadata),
    tags: tags === null ? [] : tags,
    external_id,
  };
}

function merged(
  present: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> | null,
): Record<string, string> {
  const pairs = new Map(change === null ? [] : Object.entries(present));
  for (const [name, value] of Object.entries(change ?? {})) {
    if (value === null) pairs.delete(name);
    else pairs.set(name, value);
  }
  if (pairs.size > METADATA_PAIRS_MAX) {
    throw invalidField('metadata', `metadata must have at most ${METADATA_PAIRS_MAX} pairs after the change`);
  }
  return Object.fromEntries(pairs);
}

/** The first conditions let the planner use the partial indexes. */
export const LABEL_FILTERS = {
  tag: { rules: [Tag()], condition: (parameter) => `(tags <> '{}' AND tags @> ARRAY[${parameter}::text])` },
  external_id: { rules: [ExternalId()], condition: (parameter) => `external_id = ${parameter}` },
  metadata: {
    rules: [MetadataPair()],
    condition: (parameter) => `(metadata <> '{}' AND metadata @> jsonb_build_object(
      split_part(${parameter}, ':', 1), substr(${parameter}, strpos(${parameter}, ':') + 1)))`,
  },
} satisfies Filters;

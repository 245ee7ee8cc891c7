import { entityTag } from '../../core/http/if-match.js';
import { Answer } from '../../core/wire/answer.js';

/**
 * A key with its ETag, which names its settings: the times and counts of its use change without it. So it serves
 * `If-Match`, and no answer is 304.
 */
export function withETag<Key extends { readonly revision: number }>(key: Key): Answer<Key> {
  return new Answer(key, { headers: { etag: entityTag(key.revision) } });
}

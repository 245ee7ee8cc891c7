import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { fileErrors } from '../files.errors.js';

/**
 * Passes content on, and fails if it differs from its checksum. The last chunk waits for the verdict, so that a client
 * never gets the whole length of a damaged file.
 * @param sha256 in hexadecimal digits
 */
export function verified(content: Readable, id: string, sha256: string): Readable {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const passed = held;
      held = chunk;
      done(null, passed);
    },
    flush(done) {
      if (hash.digest('hex') === sha256) return done(null, held);
      done(fileErrors.storage_unavailable({ cause: new Error(`The file ${id} differs from its checksum.`) }));
    },
  });
  // Errors reach the reader through the last stream.
  return pipeline(content, check, () => undefined);
}

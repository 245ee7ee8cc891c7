import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBufferPromise } from 'yauzl';

/** Enough for a document of 10 MiB: images hardly compress, and its XML unpacks to a few MiB. */
const UNPACKED_BYTES_MAX = 100 * 1024 * 1024;
const ENTRIES_MAX = 10_000;

/** The archive unpacks to more than the limit. */
export class ArchiveTooLarge extends Error {}

/**
 * Sums the declared sizes of a ZIP archive, then unpacks it and discards the data to verify them. An entry that is
 * longer than declared stops the unpacking (zip bomb).
 * @throws ArchiveTooLarge, or any other error if the archive is damaged
 */
export async function assertUnpacksWithinBounds(bytes: Buffer): Promise<void> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  if (archive.entryCount > ENTRIES_MAX) throw new ArchiveTooLarge();
  const entries: Entry[] = [];
  let declared = 0;
  for await (const entry of archive.eachEntry()) {
    declared += entry.uncompressedSize;
    if (declared > UNPACKED_BYTES_MAX) throw new ArchiveTooLarge();
    if (!entry.fileName.endsWith('/')) entries.push(entry);
  }
  for (const entry of entries) await pipeline(await archive.openReadStreamPromise(entry), nowhere());
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

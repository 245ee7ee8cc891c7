import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBufferPromise } from 'yauzl';

/** A document of 10 MiB has pictures, which hardly get smaller, and a few MiB of XML. */
const UNPACKED_BYTES_MAX = 100 * 1024 * 1024;
const ENTRIES_MAX = 10_000;

/** An archive that unpacks to more than is read of any. */
export class ArchiveTooLarge extends Error {}

/**
 * Sums what a ZIP archive says that it unpacks to, then unpacks it to nowhere: an entry that goes on for longer than it
 * says ends the reading there.
 * @throws ArchiveTooLarge; any other error when it is damaged
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

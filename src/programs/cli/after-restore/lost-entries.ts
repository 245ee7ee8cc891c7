import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../../kit/audit/audit-entry.entity.js';
import type { AuditKeyRing } from '../../../kit/audit/audit-keys.js';
import { type ExportedLine, readExport } from '../../../kit/audit/export/export-reader.js';
import { ALTERED, problemOfEntry } from '../../../kit/audit/export/export-verification.js';

const ENTRIES_PER_READ = 1_000;

const KNOWN = `
  SELECT hash FROM jsonb_to_recordset($1::jsonb) AS exported (chain text, sequence integer, hash text)
  JOIN audit_entries USING (chain, sequence, hash)`;

/**
 * Reads the exported entries that the database lacks, in the order of their chains.
 * @throws Error if one was altered: it must not decide about access
 */
export async function lostEntries(
  manager: EntityManager,
  ring: AuditKeyRing,
  files: readonly string[],
): Promise<AuditEntry[]> {
  const lost = new Map<string, AuditEntry>();
  const addUnknown = async (lines: readonly ExportedLine[]) => {
    const places = lines.map(({ entry: { chain, sequence, hash } }) => ({ chain, sequence, hash }));
    const known = new Set(
      (await manager.query<{ hash: string }[]>(KNOWN, [JSON.stringify(places)])).map((row) => row.hash),
    );
    for (const { entry } of lines) if (!known.has(entry.hash)) lost.set(entry.hash, entry);
  };
  let batch: ExportedLine[] = [];
  for await (const line of readExport(files)) {
    if (problemOfEntry(ring, line.entry, line.previous_hash) === ALTERED) throw new Error(`${line.place}: ${ALTERED}.`);
    batch.push(line);
    if (batch.length < ENTRIES_PER_READ) continue;
    await addUnknown(batch);
    batch = [];
  }
  await addUnknown(batch);
  const order = ({ chain, sequence }: AuditEntry) => `${chain} ${String(sequence).padStart(10, '0')}`;
  return [...lost.values()].sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ENTRY_COLUMNS, type ExportedAudit } from './ocsf-event.js';

/** What an exported line says, and where it is. */
export interface ExportedLine extends ExportedAudit {
  readonly place: string;
}

/**
 * Reads exported entries: JSON lines, each with or without a header of syslog. Other lines are skipped.
 * @throws Error if a file has no entry, or an entry lacks fields
 */
export async function* readExport(files: readonly string[]): AsyncGenerator<ExportedLine> {
  for (const file of files) {
    let [number, found] = [0, 0];
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1;
      const audit = auditIn(line);
      if (audit === undefined) continue;
      const place = `${file}:${number}`;
      const missing = ENTRY_COLUMNS.filter((column) => audit.entry[column] === undefined);
      if (missing.length > 0) throw new Error(`${place}: the entry lacks ${missing.join(', ')}.`);
      found += 1;
      yield { ...audit, place };
    }
    if (found === 0) throw new Error(`${file} has no exported entry.`);
  }
}

function auditIn(line: string): ExportedAudit | undefined {
  const start = line.indexOf('{"activity_id"');
  if (start === -1) return undefined;
  try {
    const event = JSON.parse(line.slice(start)) as { unmapped?: { gatehouse?: ExportedAudit } };
    return event.unmapped?.gatehouse;
  } catch {
    // Cut off: the entry is then missing, which the verification says.
    return undefined;
  }
}

import { open } from 'node:fs/promises';
import { OPERATOR } from '../../kit/audit/actor.js';
import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { ImportedKey } from '../../tenancy/key-imports/imported-key.entity.js';
import { KeyImport } from '../../tenancy/key-imports/key-import.entity.js';
import { AddKeyImportDto } from '../../tenancy/key-imports/key-imports.dto.js';
import { KeyImports } from '../../tenancy/key-imports/key-imports.service.js';
import { type Answer, defineCommand } from './command.js';
import { type ExportedKey } from './key-exports/exported-key.js';
import { type ImportedFile, importFile } from './key-exports/import-file.js';
import { IMPORT_OPTIONS, importSetOf, scopesBy } from './key-exports/import-options.js';
import { PRESETS } from './key-exports/presets.js';
import { KEY_PARTS } from './key-parts.js';
import { facts } from './text.js';

/** Only its owner reads it: it names the keys. */
const REPORT_MODE = 0o600;

export const keysImport = defineCommand({
  name: 'keys import',
  summary: 'Import the keys of another product, which go on working. Run it again to go on where it stopped.',
  argument: 'file',
  options: IMPORT_OPTIONS,
  parts: {
    services: [...KEY_PARTS.services, KeyImports],
    entities: [...KEY_PARTS.entities, KeyImport, ImportedKey],
  },
  async run({ options, argument: path, service }) {
    const preset = PRESETS[options.preset]!;
    const set = await importSetOf(options, preset, path);
    const scopesOf = scopesBy(options);
    const imports = await service(KeyImports);
    const orgId = rowId(options.org);
    const report = options.report === undefined ? undefined : await open(options.report, 'w', REPORT_MODE);
    const send = (body: object) => {
      const dto = validated(body, AddKeyImportDto);
      return options['dry-run'] ? imports.preview(OPERATOR, orgId, dto) : imports.import(OPERATOR, orgId, dto);
    };
    try {
      const keys = options.hash === 'none' ? inClearText(preset.read(path)) : preset.read(path);
      return answerOf(await importFile({ keys, set, scopesOf, send, report }), options['dry-run']);
    } finally {
      await report?.close();
    }
  },
});

/** What stands for the hashes are tokens. */
async function* inClearText(keys: AsyncIterable<ExportedKey>): AsyncGenerator<ExportedKey> {
  for await (const key of keys) {
    const { hash, ...row } = key.row;
    yield { ...key, row, token: key.token ?? String(hash ?? '') };
  }
}

function answerOf(done: ImportedFile, isDryRun: boolean): Answer {
  const { created, exists, invalid, problems, lost } = done;
  const counts = facts({
    [isDryRun ? 'would be created' : 'created']: String(created),
    'exist already': String(exists),
    invalid: String(invalid),
  });
  const left = Object.entries(lost).map(([setting, keys]) => `Not carried over: ${setting} of ${keys} keys.`);
  const text = [counts, ...left, ...problems].join('\n');
  const json = { dry_run: isDryRun, ...done };
  if (invalid === 0) return { json, text };
  return { json, text, problem: `${invalid === 1 ? '1 key is' : `${invalid} keys are`} invalid` };
}

import type { StoreName } from '../../core/config/config.js';
import { FileMoves } from '../../kit/files/file-moves.service.js';
import { OrphanedObjects } from '../../kit/files/orphaned-objects.service.js';
import { FileStores } from '../../kit/files/stores/file-stores.js';
import { defineCommand } from './command.js';
import { facts } from './text.js';

export const filesMove = defineCommand({
  name: 'files move',
  summary:
    'Move all files to the folder or to object storage, while servers run. Run it again to go on where it stopped.',
  options: {
    to: {
      kind: 'text',
      placeholder: 'STORE',
      help: 'local (FILES_DIR) or s3 (S3_BUCKET)',
      isRequired: true,
      choices: ['local', 's3'],
    },
  },
  parts: { services: [FileStores, FileMoves], entities: [] },
  async run({ options, config, service, progress }) {
    const to = options.to as StoreName;
    if (to === 's3' && config.objectStorage === undefined) throw new Error('S3_BUCKET is not set');
    if (to !== config.filesStore) progress(`New files still go to ${config.filesStore}: set FILES_STORE=${to}.`);
    const moves = await service(FileMoves);
    const result = await moves.moveAll(to, ({ moved, all }) => progress(`${moved} of ${all} files moved`));
    const { problems, left } = result;
    const text = [
      facts({
        moved: `${result.moved} files, ${result.bytes} bytes`,
        'sources deleted for an earlier run': String(result.finished),
        'not moved': String(problems.length),
        'in the other store now': String(left),
      }),
      ...problems,
    ].join('\n');
    if (problems.length === 0) return { json: result, text };
    return { json: result, text, problem: `files that could not be moved: ${problems.length}` };
  },
});

export const filesOrphans = defineCommand({
  name: 'files orphans',
  summary:
    'Count the objects in object storage that no file refers to. A job deletes those of this database each night.',
  options: { delete: { kind: 'flag', help: 'delete those of this database now, however young' } },
  parts: { services: [FileStores, OrphanedObjects], entities: [] },
  async run({ options, config, service }) {
    if (config.objectStorage === undefined) throw new Error('S3_BUCKET is not set');
    const orphans = await service(OrphanedObjects);
    const count = await orphans.sweep({ before: new Date(8.64e15), isDeleting: options.delete });
    const text = facts({
      [options.delete ? 'deleted' : 'orphans']: `${count.objects} objects, ${count.bytes} bytes`,
      'of other databases, kept': String(count.others),
    });
    return { json: count, text };
  },
});

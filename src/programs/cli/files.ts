import { OrphanedObjects } from '../../kit/files/orphaned-objects.service.js';
import { FileStores } from '../../kit/files/stores/file-stores.js';
import { defineCommand } from './command.js';
import { facts } from './text.js';

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

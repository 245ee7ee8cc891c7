import { Global, Module } from '@nestjs/common';
import { FileSweep } from './file-sweep.service.js';
import { Files } from './files.service.js';
import { OrphanedObjects } from './orphaned-objects.service.js';
import { StorageTotals } from './storage-totals.js';
import { FileStores } from './stores/file-stores.js';

@Global()
@Module({ providers: [Files, FileStores, FileSweep, OrphanedObjects, StorageTotals], exports: [Files, StorageTotals] })
export class FilesModule {}

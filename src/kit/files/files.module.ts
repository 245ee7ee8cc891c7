import { Global, Module } from '@nestjs/common';
import { Files } from './files.service.js';
import { StorageTotals } from './storage-totals.js';

@Global()
@Module({ providers: [Files, StorageTotals], exports: [Files, StorageTotals] })
export class FilesModule {}

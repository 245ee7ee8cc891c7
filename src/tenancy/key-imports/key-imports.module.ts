import { Module } from '@nestjs/common';
import { ImportedKeys } from '../../access/ports/imported-keys.js';
import { KeyPoliciesModule } from '../key-policies/key-policies.module.js';
import { GrantableScopesModule } from '../services/grantable-scopes.module.js';
import { ImportRegistry } from './import-registry.js';
import { KeyImportDirectory } from './key-import-directory.js';
import { KeyImports } from './key-imports.service.js';

@Module({
  imports: [GrantableScopesModule, KeyPoliciesModule],
  providers: [KeyImports, KeyImportDirectory, { provide: ImportedKeys, useClass: ImportRegistry }],
  exports: [KeyImports, KeyImportDirectory, ImportedKeys],
})
export class KeyImportsModule {}

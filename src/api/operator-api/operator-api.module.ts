import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { OperatorKeysController } from './operator-keys.controller.js';
import { OperatorOrgsController } from './operator-orgs.controller.js';

/** `/operator/v1` for tenants: what the operator does besides declaring services. */
@Module({ imports: [OrgsModule, ApiKeysModule], controllers: [OperatorOrgsController, OperatorKeysController] })
export class OperatorApiModule {}

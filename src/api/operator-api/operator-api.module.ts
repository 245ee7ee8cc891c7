import { Module } from '@nestjs/common';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { OperatorOrgsController } from './operator-orgs.controller.js';

/** `/operator/v1` for tenants: what the operator does besides declaring services. */
@Module({ imports: [OrgsModule], controllers: [OperatorOrgsController] })
export class OperatorApiModule {}

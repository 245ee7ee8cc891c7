import { Module } from '@nestjs/common';
import { KeyPoliciesModule } from '../key-policies/key-policies.module.js';
import { IdleKeysJob } from './idle-keys.job.js';

/** Suspends unused keys where a policy wants it. */
@Module({ imports: [KeyPoliciesModule], providers: [IdleKeysJob] })
export class IdleKeysModule {}

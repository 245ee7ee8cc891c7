import { Module } from '@nestjs/common';
import { RESOURCES } from './index.js';

/** Everything that `index.ts` lists. */
@Module({
  imports: RESOURCES.flatMap(({ imports = [] }) => [...imports]),
  controllers: RESOURCES.flatMap(({ controllers }) => [...controllers]),
  providers: RESOURCES.flatMap(({ providers }) => [...providers]),
})
export class ResourcesModule {}

import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { ObjectStorage } from './object-storage.js';

/** Undefined if none is configured. */
export const OBJECT_STORAGE = Symbol('ObjectStorage');

/** Provides the operator's object storage. It connects on first use. */
@Global()
@Module({
  providers: [
    {
      provide: OBJECT_STORAGE,
      useFactory: ({ objectStorage }: Config) => objectStorage && new ObjectStorage(objectStorage),
      inject: [CONFIG],
    },
  ],
  exports: [OBJECT_STORAGE],
})
export class ObjectStorageModule implements OnApplicationShutdown {
  constructor(@Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage?.close();
  }
}

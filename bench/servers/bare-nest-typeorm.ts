import 'reflect-metadata';
import { Controller, Get, Inject, Module, NotFoundException, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource, EntitySchema } from 'typeorm';
import { serve, setting } from './serve.ts';

/** A minimal Nest and TypeORM app with GET /contacts/:id, to compare start times. */
const Contact = new EntitySchema({
  name: 'contacts',
  columns: {
    id: { type: 'uuid', primary: true },
    org_id: { type: 'uuid' },
    email: { type: 'text', nullable: true },
    phone_number: { type: 'text', nullable: true },
    name: { type: 'text', nullable: true },
    custom_data: { type: 'jsonb' },
    unsubscribed_at: { type: 'timestamptz', nullable: true },
    undeliverable_at: { type: 'timestamptz', nullable: true },
    undeliverable_reason: { type: 'text', nullable: true },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
});

class ContactsController {
  readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  async read(id: string): Promise<object> {
    const contact = await this.dataSource.manager.findOneBy(Contact, { id });
    if (contact === null) throw new NotFoundException();
    return contact;
  }
}
const { prototype } = ContactsController;
Controller('contacts')(ContactsController);
Inject(DataSource)(ContactsController, undefined, 0);
Get(':id')(prototype, 'read', Object.getOwnPropertyDescriptor(prototype, 'read')!);
Param('id')(prototype, 'read', 0);

class BareModule {}
Module({
  controllers: [ContactsController],
  providers: [
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: setting('DATABASE_URL'),
          poolSize: Number(setting('POOL_SIZE')),
          entities: [Contact],
          installExtensions: false,
        }).initialize(),
    },
  ],
})(BareModule);

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
await serve(app, async () => {
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
});

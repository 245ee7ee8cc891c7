import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { profileFrom } from './profile.ts';
import { serve, setting } from './serve.ts';

/** One route of Nest on Fastify, without guards. Decorators are plain calls, because Node only strips types. */
const whoami = profileFrom(setting('PROFILE'));

class WhoamiController {
  whoami(): object {
    return whoami();
  }
}
const { prototype } = WhoamiController;
Controller('whoami')(WhoamiController);
Get()(prototype, 'whoami', Object.getOwnPropertyDescriptor(prototype, 'whoami')!);

class BareModule {}
Module({ controllers: [WhoamiController] })(BareModule);

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
await serve(app, async () => {
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
});

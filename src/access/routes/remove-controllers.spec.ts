import { Controller, Get, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';
import { ForAudience, Public } from '../decorators/for-audience.js';
import { RequireAgentScope, RequireScope } from '../decorators/require-scope.js';
import { removeControllers } from './remove-controllers.js';

@Controller('tags')
class TagsController {
  @Get()
  @RequireScope('tags', 'read')
  list() {}
}

@Controller('agent/contacts')
class AgentContactsController {
  @Get()
  @RequireAgentScope('contacts', 'read')
  list() {}
}

@Controller('unsubscribe')
class UnsubscribeController {
  @Get()
  @Public('the link is signed', { resources: ['email', 'sequences'] })
  show() {}
}

@Controller('session')
class SessionController {
  @Get()
  @ForAudience('user')
  read() {}
}

@Module({ controllers: [TagsController, AgentContactsController, UnsubscribeController, SessionController] })
class TinyModule {}

async function pathsWith(...names: string[]): Promise<string[]> {
  const adapter = new FastifyAdapter();
  const paths: string[] = [];
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    if (method === 'GET') paths.push(url);
  });
  const app = await NestFactory.create<NestFastifyApplication>(TinyModule, adapter, { logger: false });
  removeControllers(app.get(ModulesContainer), (resource) => names.includes(resource));
  await app.init();
  await app.close();
  return paths;
}

it.each([
  [[], ['/session']],
  [['tags'], ['/tags', '/session']],
  [['contacts'], ['/agent/contacts', '/session']],
  [['sequences'], ['/unsubscribe', '/session']],
  [
    ['tags', 'contacts', 'email'],
    ['/tags', '/agent/contacts', '/unsubscribe', '/session'],
  ],
])('with %j on, the router has %j', async (names, paths) => {
  expect(await pathsWith(...names)).toEqual(paths);
});

import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { expect, it } from 'vitest';
import { declaredRoutes } from '../../src/access/routes/declared-routes.js';
import { resourcesOf } from '../../src/access/routes/route-policy.js';
import { BUILT_IN_RESOURCES } from '../../src/access/scopes/built-in-resources.js';
import { AgentApiModule } from '../../src/api/agent-api/agent-api.module.js';
import { serverControllers } from '../../src/programs/generate-docs/api-document.js';
import { RESOURCES } from '../../src/resources/index.js';
import { PublishedHelpModule } from '../../src/resources/knowledge/help-center/published/published-help.module.js';

const controllersIn = (module: Type) => Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) as Type[];
const ownersOf = (controller: Type) =>
  declaredRoutes([controller]).map(({ policy }) => resourcesOf(policy!).join(', '));

it('every controller of the resources and of the agent API belongs to a built-in resource', () => {
  const controllers = [
    ...RESOURCES.flatMap((resource) => resource.controllers),
    ...[AgentApiModule, PublishedHelpModule].flatMap(controllersIn),
  ];
  expect(controllers.filter((controller) => ownersOf(controller).includes('')).map(({ name }) => name)).toEqual([]);
});

it('all routes of a controller belong to the same built-in resources, because they are switched off together', () => {
  const mixed = serverControllers().filter((controller) => new Set(ownersOf(controller)).size > 1);
  expect(mixed.map(({ name }) => name)).toEqual([]);
});

it('every built-in resource has a controller of its own', () => {
  const owners = new Set(serverControllers().flatMap(ownersOf));
  expect(BUILT_IN_RESOURCES.filter((resource) => !owners.has(resource))).toEqual([]);
});

import { Body, Controller, Delete, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../access/decorators/require-scope.js';
import { principalOf } from '../../access/principal/request.js';
import { callerOf } from '../audit/actor.js';
import { SettingChanges } from '../audit/setting-changes.js';
import type { EntityClass } from '../../core/database/data-source.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { ListQueries } from '../lists/list-queries.js';
import { Answers, AnswersNothing, AnswersPage, type RefusalStatus } from '../../core/wire/answers.js';
import { classNameOf, type KeyedRow, named, OPERATIONS, type ResourceDefinition } from './definition.js';
import { createDtoOf, updateDtoOf } from './dto.js';
import { nounOf } from './noun.js';
import type { ResourceService, Values } from './resource-service.js';
import { sendJson } from './send-json.js';

/**
 * A controller of its own for each resource, because a route's policy is kept by its handler function. What the
 * resource doesn't offer is taken off again, without a trace, so that it can be written by hand under the same name.
 */
export function controllerOf<E extends KeyedRow>(
  definition: ResourceDefinition<E>,
  service: new (...dependencies: never[]) => ResourceService<E>,
  row: EntityClass,
) {
  const { path, scope, filters = {}, orders, offers = OPERATIONS } = definition;
  const queries = new ListQueries(filters, orders);
  const { one, many } = nounOf(definition.label);
  const refusals = writeRefusalsOf(definition);

  @Controller(path)
  class ResourceController {
    // Not by the constructor, so that a special controller only has its own service to hand on.
    @Inject(Idempotency)
    readonly idempotency: Idempotency;

    @Inject(SettingChanges)
    readonly settings: SettingChanges;

    constructor(readonly service: ResourceService<E>) {}

    /** Runs a write of a row and audits it, where rows of the resource are settings. @param id undefined: a new row */
    async auditing<T>(request: FastifyRequest, id: string | undefined, write: () => Promise<T>): Promise<T> {
      const { audited } = this.service;
      if (audited === undefined) return write();
      const caller = callerOf(request);
      const { orgId } = caller.principal;
      return this.settings.watch(caller, id === undefined ? audited.newRow(orgId) : audited.row(orgId, id), write);
    }

    @Get()
    @RequireScope(scope, 'read')
    @AnswersPage(row, `List ${many}`, { query: queries.dto })
    async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      sendJson(reply, await this.service.list(principalOf(request), queries.judge(request)));
    }

    @Get(':id')
    @RequireScope(scope, 'read')
    @Answers(200, row, `Get ${one}`)
    async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      sendJson(reply, await this.service.read(principalOf(request), idOf(request)));
    }

    @Post()
    @RequireScope(scope, 'write')
    @Answers(201, row, `Create ${one}`, { refusals, once: true })
    async create(@Req() request: FastifyRequest, @Body() body: object, @Res() reply: FastifyReply) {
      const create = () => this.service.create(principalOf(request), body as Values<E>);
      sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, create)));
    }

    @Patch(':id')
    @RequireScope(scope, 'write')
    @Answers(200, row, `Update ${one}`, { refusals })
    async update(@Req() request: FastifyRequest, @Body() body: object, @Res() reply: FastifyReply) {
      const id = idOf(request);
      const update = () => this.service.update(principalOf(request), id, body as Values<E>);
      sendJson(reply, await this.auditing(request, id, update));
    }

    @Delete(':id')
    @RequireScope(scope, 'write')
    @AnswersNothing(`Delete ${one}`, { refusals: deleteRefusalsOf(definition) })
    async delete(@Req() request: FastifyRequest): Promise<void> {
      const id = idOf(request);
      await this.auditing(request, id, () => this.service.delete(principalOf(request), id));
    }
  }

  const { prototype } = ResourceController;
  Reflect.defineMetadata('design:paramtypes', [service], ResourceController);
  Reflect.defineMetadata('design:paramtypes', [Object, createDtoOf(definition), Object], prototype, 'create');
  Reflect.defineMetadata('design:paramtypes', [Object, updateDtoOf(definition), Object], prototype, 'update');
  for (const operation of OPERATIONS.filter((known) => !offers.includes(known))) {
    delete (prototype as Partial<ResourceController>)[operation];
    Reflect.deleteMetadata(ROUTE_ARGS_METADATA, ResourceController, operation);
    Reflect.deleteMetadata('design:paramtypes', prototype, operation);
  }
  return named(`${classNameOf(path)}Controller`, ResourceController);
}

function writeRefusalsOf({ unique = {}, references = {} }: ResourceDefinition): RefusalStatus[] {
  return [...Object.keys(references).map(() => 404 as const), ...Object.keys(unique).map(() => 409 as const)];
}

function deleteRefusalsOf({ users = {} }: ResourceDefinition): RefusalStatus[] {
  return Object.keys(users).length > 0 ? [409] : [];
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

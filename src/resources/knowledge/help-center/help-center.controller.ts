import { Body, Controller, Get, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Optional } from '../../../core/validation/decorators.js';
import { Answers } from '../../../core/wire/answers.js';
import { kit as articles } from './articles.definition.js';
import { Articles } from './articles.service.js';
import { kit as categories } from './categories.definition.js';
import { Categories } from './categories.service.js';
import { PutHelpCenterDto } from './help-center.dto.js';
import { HelpCenter } from './help-center.entity.js';
import { HelpCenters } from './help-center.service.js';

class CreateCategoryDto extends categories.CreateDto {
  @Optional()
  override slug?: string;
}

class CreateArticleDto extends articles.CreateDto {
  @Optional()
  override slug?: string;
}

@Controller('help-center')
export class HelpCenterController {
  constructor(private readonly centers: HelpCenters) {}

  @Get()
  @RequireScope('help-center', 'read')
  @Answers(200, HelpCenter, 'Get the help center', { refusals: [404] })
  async read(@CurrentPrincipal() principal: Principal, @Res() reply: FastifyReply) {
    sendJson(reply, await this.centers.read(principal));
  }

  @Put()
  @RequireScope('help-center', 'write')
  @Answers(200, HelpCenter, 'Create or replace the help center', { also: { 201: HelpCenter } })
  async put(@CurrentCaller() caller: Caller, @Body() center: PutHelpCenterDto, @Res() reply: FastifyReply) {
    const { text, isNew } = await this.centers.put(caller, center);
    sendJson(reply.status(isNew ? 201 : 200), text);
  }
}

@Controller('help-center/categories')
export class HelpCenterCategoriesController extends categories.Controller {
  constructor(override readonly service: Categories) {
    super(service);
  }

  @Post()
  @RequireScope('help-center', 'write')
  @Answers(201, categories.Row, 'Create a category', { refusals: [404, 409], once: true })
  async create(@Req() request: FastifyRequest, @Body() category: CreateCategoryDto, @Res() reply: FastifyReply) {
    const create = () => this.service.create(principalOf(request), category);
    sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, create)));
  }
}

@Controller('help-center/articles')
export class HelpCenterArticlesController extends articles.Controller {
  constructor(override readonly service: Articles) {
    super(service);
  }

  @Post()
  @RequireScope('help-center', 'write')
  @Answers(201, articles.Row, 'Create an article', {
    description: 'A draft, until it is published.',
    refusals: [404, 409],
    once: true,
  })
  async create(@Req() request: FastifyRequest, @Body() article: CreateArticleDto, @Res() reply: FastifyReply) {
    const create = () => this.service.create(principalOf(request), article);
    sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, create)));
  }

  @Post(':id/publish')
  @RequireScope('help-center', 'write')
  @Answers(200, articles.Row, 'Publish an article')
  async publish(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    const publish = () => this.service.publish(principalOf(request), id);
    sendJson(reply, await this.auditing(request, id, publish));
  }

  @Post(':id/unpublish')
  @RequireScope('help-center', 'write')
  @Answers(200, articles.Row, 'Make an article a draft again')
  async unpublish(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    const unpublish = () => this.service.unpublish(principalOf(request), id);
    sendJson(reply, await this.auditing(request, id, unpublish));
  }
}

import { Body, Controller, Get, Post, Put, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Id as RowId, Optional } from '../../../core/validation/decorators.js';
import { Answers } from '../../../core/wire/answers.js';
import { About } from '../../../core/wire/field.js';
import { kit as articles } from './articles.definition.js';
import { Articles } from './articles.service.js';
import { kit as categories } from './categories.definition.js';
import { Categories } from './categories.service.js';
import { IsLanguage, PutHelpCenterDto } from './help-center.dto.js';
import { HelpCenter } from './help-center.entity.js';
import { HelpCenters } from './help-center.service.js';
import { ForgetsBodies } from './published/forgets-bodies.interceptor.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Audited } from '../../../kit/crud/audited.js';
import { createdOrUpdated } from '../../../core/wire/answer.js';

class CreateCategoryDto extends categories.CreateDto {
  @Optional()
  override slug?: string;
}

class CreateArticleDto extends articles.CreateDto {
  @Optional()
  override slug?: string;

  @About('One of the languages of the help center. Default: its primary language.')
  @Optional()
  @IsLanguage()
  override language?: string;

  @About('The article that this one translates, or another translation of it.')
  @Optional()
  @RowId()
  override translation_of?: string;
}

@UseInterceptors(ForgetsBodies)
@Controller('help-center')
export class HelpCenterController {
  constructor(private readonly centers: HelpCenters) {}

  @Get()
  @RequireScope('help-center', 'read')
  @Answers(200, HelpCenter, 'Get the help center', { refusals: [404] })
  read(@CurrentPrincipal() principal: Principal) {
    return this.centers.read(principal);
  }

  @Put()
  @RequireScope('help-center', 'write')
  @Answers(200, HelpCenter, 'Create or replace the help center', {
    also: { 201: HelpCenter },
    refusals: [409],
  })
  async put(@CurrentCaller() caller: Caller, @Body() center: PutHelpCenterDto) {
    const { center: saved, isNew } = await this.centers.put(caller, center);
    return createdOrUpdated(saved, isNew);
  }
}

@UseInterceptors(ForgetsBodies)
@Controller('help-center/categories')
export class HelpCenterCategoriesController extends categories.Controller {
  constructor(override readonly service: Categories) {
    super(service);
  }

  @Post()
  @RequireScope('help-center', 'write')
  @Answers(201, categories.Row, 'Create a category', { refusals: [404, 409] })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() category: CreateCategoryDto) {
    return this.service.create(principal, category);
  }
}

@UseInterceptors(ForgetsBodies)
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
  })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() article: CreateArticleDto) {
    return this.service.create(principal, article);
  }

  @Post(':id/publish')
  @RequireScope('help-center', 'write')
  @Answers(200, articles.Row, 'Publish an article')
  @Audited()
  publish(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.publish(principal, id);
  }

  @Post(':id/unpublish')
  @RequireScope('help-center', 'write')
  @Answers(200, articles.Row, 'Make an article a draft again')
  @Audited()
  unpublish(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.unpublish(principal, id);
  }
}

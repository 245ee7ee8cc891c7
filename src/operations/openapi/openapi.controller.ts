import { Controller, Get, Headers, Inject, type Type } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { DiscoveryService } from '@nestjs/core';
import { Public } from '../../access/decorators/for-audience.js';
import { ScopeCatalogue } from '../../access/scopes/scope-catalogue.service.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers } from '../../core/wire/answers.js';
import type { Examples } from '../../core/wire/examples.js';
import { apiDocument } from './document.js';
import { ANY_OBJECT } from '../../core/wire/schema.js';

/** Token of the examples of all features. */
export const EXAMPLES = Symbol('Examples');

const HEADERS = { type: 'application/json; charset=utf-8', cacheControl: 'public, max-age=300' };

@Controller()
export class OpenApiController {
  /** Built on the first request, so that it doesn't delay the start. */
  #body: CachedBody | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly catalogue: ScopeCatalogue,
    @Inject(EXAMPLES) private readonly examples: readonly Examples[],
  ) {}

  @Get('openapi.json')
  @Public('the API document is public')
  @Answers(200, { ...ANY_OBJECT, description: 'OpenAPI 3.1.' }, 'This document', { isCached: true })
  document(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return (this.#body ??= CachedBody.of(HEADERS, this.#text())).answerTo(headers);
  }

  #text(): string {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type);
    return JSON.stringify(apiDocument(controllers, this.catalogue.builtIn(), this.examples));
  }
}

import { Controller, Get, Res, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { Answers } from '../wire/answers.js';
import { apiDocument } from './document.js';
import { ANY_OBJECT } from '../wire/schema.js';

@Controller()
export class OpenApiController {
  /** Made for the first who asks: it costs a start, or a request, nothing. */
  #text: string | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  @Get('openapi.json')
  @Public('what the API looks like is no secret')
  @Answers(200, { ...ANY_OBJECT, description: 'OpenAPI 3.1.' }, 'This document')
  document(@Res() reply: FastifyReply): void {
    this.#text ??= JSON.stringify(apiDocument(this.discovery.getControllers().map(({ metatype }) => metatype as Type)));
    void reply.header('content-type', 'application/json; charset=utf-8').send(this.#text);
  }
}

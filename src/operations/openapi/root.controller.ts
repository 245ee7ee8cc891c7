import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Answers } from '../../core/wire/answers.js';
import { Field } from '../../core/wire/field.js';
import { TEXT, URI } from '../../core/wire/schema.js';

export class EntryPoints {
  @Field(TEXT)
  name: string;

  /** For people. */
  @Field(URI)
  dashboard: string;

  /** The OpenAPI document. */
  @Field(URI)
  openapi: string;

  /** The same, to read and to try. */
  @Field(URI)
  reference: string;
}

/** Where to go from the address that people and programs try first. */
@Controller()
export class RootController {
  readonly #entryPoints: EntryPoints;

  constructor(@Inject(CONFIG) { publicUrl, dashboardUrl }: Config) {
    this.#entryPoints = {
      name: 'Gatehouse',
      dashboard: `${dashboardUrl}/dashboard/`,
      openapi: `${publicUrl}/openapi.json`,
      reference: `${publicUrl}/docs`,
    };
  }

  @Get()
  @Public('names public pages')
  @Answers(200, EntryPoints, 'Where to find what; browsers are sent to the dashboard', { also: { 303: undefined } })
  entryPoints(@Req() { headers: { accept } }: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.header('vary', 'Accept');
    if (asksForPage(accept)) void reply.redirect(this.#entryPoints.dashboard, 303);
    else void reply.send(this.#entryPoints);
  }
}

/** Browsers name HTML when a person opens an address; programs accept anything. */
function asksForPage(accept = ''): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => /^\s*text\/html\s*(;|$)/.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range));
}

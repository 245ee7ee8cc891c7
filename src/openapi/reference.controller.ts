import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { Answers, NotInDocument, PAGE } from '../wire/answers.js';
import { REFERENCE_HEADERS, REFERENCE_PAGE, REFERENCE_START, referenceFile } from './reference-page.js';

/** The document for people: Swagger UI, served from here, under a policy that runs no inline script. */
@Controller('docs')
export class ReferenceController {
  @Get()
  @Public('what the API looks like is no secret')
  @Answers(200, PAGE, 'The reference, to read and to try')
  page(@Res() reply: FastifyReply): void {
    void reply.headers(REFERENCE_HEADERS).send(REFERENCE_PAGE);
  }

  @Get('start.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  start(@Res() reply: FastifyReply): void {
    send(reply, 'text/javascript', REFERENCE_START);
  }

  @Get('swagger-ui-bundle.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  script(@Res() reply: FastifyReply): void {
    send(reply, 'text/javascript', referenceFile('swagger-ui-bundle.js'));
  }

  @Get('swagger-ui.css')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(@Res() reply: FastifyReply): void {
    send(reply, 'text/css', referenceFile('swagger-ui.css'));
  }
}

function send(reply: FastifyReply, type: string, content: string | Buffer): void {
  void reply
    .headers({ 'content-type': `${type}; charset=utf-8`, 'cache-control': 'public, max-age=3600' })
    .send(content);
}

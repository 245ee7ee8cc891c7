import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { Answers, NotInDocument, PAGE } from '../../core/wire/answers.js';
import { REFERENCE_HEADERS, REFERENCE_PAGE, REFERENCE_START, readReferenceFile } from './reference-page.js';

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
  start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return fileOf('start.js').send(request, reply);
  }

  @Get('swagger-ui-bundle.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  script(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return fileOf('swagger-ui-bundle.js').send(request, reply);
  }

  @Get('swagger-ui.css')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return fileOf('swagger-ui.css').send(request, reply);
  }
}

const READERS = {
  'start.js': () => REFERENCE_START,
  'swagger-ui-bundle.js': () => readReferenceFile('swagger-ui-bundle.js'),
  'swagger-ui.css': () => readReferenceFile('swagger-ui.css'),
};
const files = new Map<keyof typeof READERS, CachedBody>();

/** Read for the first who asks. */
function fileOf(name: keyof typeof READERS): CachedBody {
  let file = files.get(name);
  if (file === undefined) {
    const type = `text/${name.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`;
    file = CachedBody.of({ type, cacheControl: 'public, max-age=3600' }, READERS[name]());
    files.set(name, file);
  }
  return file;
}

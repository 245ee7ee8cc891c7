import { Controller, Get, Headers } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Public } from '../../access/decorators/for-audience.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers, NotInDocument, PAGE } from '../../core/wire/answers.js';
import { REFERENCE_HEADERS, REFERENCE_PAGE, REFERENCE_START, readReferenceFile } from './reference-page.js';

/** Serves Swagger UI without third-party hosts or inline scripts. */
@Controller('docs')
export class ReferenceController {
  @Get()
  @Public('the API document is public')
  @Answers(200, PAGE, 'The reference, to read and to try')
  page(): Answer {
    return new Answer(REFERENCE_PAGE, { headers: REFERENCE_HEADERS });
  }

  @Get('start.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  start(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return fileOf('start.js').answerTo(headers);
  }

  @Get('swagger-ui-bundle.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  script(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return fileOf('swagger-ui-bundle.js').answerTo(headers);
  }

  @Get('swagger-ui.css')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return fileOf('swagger-ui.css').answerTo(headers);
  }
}

const READERS = {
  'start.js': () => REFERENCE_START,
  'swagger-ui-bundle.js': () => readReferenceFile('swagger-ui-bundle.js'),
  'swagger-ui.css': () => readReferenceFile('swagger-ui.css'),
};
const files = new Map<keyof typeof READERS, CachedBody>();

/** Reads the file on its first request. */
function fileOf(name: keyof typeof READERS): CachedBody {
  let file = files.get(name);
  if (file === undefined) {
    const type = `text/${name.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`;
    file = CachedBody.of({ type, cacheControl: 'public, max-age=3600' }, READERS[name]());
    files.set(name, file);
  }
  return file;
}

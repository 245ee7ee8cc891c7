import { Controller, Get, Headers, Param } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Public } from '../../access/decorators/for-audience.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers, NotInDocument, PAGE } from '../../core/wire/answers.js';
import { REFERENCE_HEADERS, REFERENCE_PAGE, referenceFile } from './reference-page.js';

/** Serves the API reference, a page that renders `/openapi.json`. */
@Controller('docs')
export class ReferenceController {
  @Get()
  @Public('the API document is public')
  @Answers(200, PAGE, 'The reference, to read and to try')
  page(): Answer {
    return new Answer(REFERENCE_PAGE, { headers: REFERENCE_HEADERS });
  }

  @Get('assets/:name')
  @Public('a static file')
  @NotInDocument('a part of the page')
  asset(@Param('name') name: string, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    const file = referenceFile(name);
    if (file === undefined) throw coreErrors.route_not_found();
    return file.answerTo(headers);
  }
}

import { isUtf8 } from 'node:buffer';
import { coreErrors } from '../errors/core-errors.js';
import type { ArrivingBody } from '../http/arriving-body.js';
import { bodyBytesMaxOf } from '../wire/body-limit.js';
import { takesForm } from '../wire/form.js';
import { textTypesOf } from '../wire/text-body.js';
import { readJsonBody } from './json-body.js';

const FORM = 'multipart/form-data';
const JSON_ONLY: readonly string[] = ['application/json'];

/**
 * Reads a JSON body, and sets `request.body` to it; an empty body is `{}`. On routes that take a form, a form stays unread.
 * On routes that take text, the body is its text.
 * @throws AppError unsupported_media_type, unsupported_text_type (415), as `ArrivingBody.read` and `readJsonBody`
 */
export function readBody(body: ArrivingBody): unknown {
  const { request } = body;
  const { config } = request.routeOptions;
  if (request.mediaType === FORM && takesForm(config)) {
    const isEmpty = body.isEmpty();
    return isEmpty instanceof Promise
      ? isEmpty.then((empty) => formOrNothing(empty, body))
      : formOrNothing(isEmpty, body);
  }
  const texts = textTypesOf(config);
  const keepIt = texts === undefined ? keep : keepText;
  const bytes = body.read(bodyBytesMaxOf(config), () => {
    if ((texts ?? JSON_ONLY).includes(request.mediaType!)) return;
    throw texts ? coreErrors.unsupported_text_type({ types: texts.join(' or ') }) : coreErrors.unsupported_media_type();
  });
  return bytes instanceof Promise ? bytes.then((read) => keepIt(read, body)) : keepIt(bytes, body);
}

function keepText(bytes: Buffer, { request }: ArrivingBody): string {
  if (!isUtf8(bytes)) throw coreErrors.invalid_request({ message: 'The body must be UTF-8 text.' });
  return (request.body = bytes.toString('utf8'));
}

function keep(bytes: Buffer, { request }: ArrivingBody): unknown {
  return (request.body = readJsonBody(bytes));
}

function formOrNothing(isEmpty: boolean, body: ArrivingBody): unknown {
  return isEmpty ? keep(Buffer.alloc(0), body) : body;
}

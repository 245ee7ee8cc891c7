import { coreErrors } from '../errors/core-errors.js';
import type { ArrivingBody } from '../http/arriving-body.js';
import { bodyBytesMaxOf } from '../wire/body-limit.js';
import { takesForm } from '../wire/form.js';
import { readJsonBody } from './json-body.js';

const FORM = 'multipart/form-data';

/**
 * Reads a JSON body, and sets `request.body` to it; an empty body is `{}`. On routes that take a form, a form stays unread.
 * @throws AppError unsupported_media_type (415), as `ArrivingBody.read` and `readJsonBody`
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
  const bytes = body.read(bodyBytesMaxOf(config), () => {
    if (request.mediaType !== 'application/json') throw coreErrors.unsupported_media_type();
  });
  return bytes instanceof Promise ? bytes.then((read) => keep(read, body)) : keep(bytes, body);
}

function keep(bytes: Buffer, { request }: ArrivingBody): unknown {
  return (request.body = readJsonBody(bytes));
}

function formOrNothing(isEmpty: boolean, body: ArrivingBody): unknown {
  return isEmpty ? keep(Buffer.alloc(0), body) : body;
}

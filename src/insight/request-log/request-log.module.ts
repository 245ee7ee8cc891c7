import { Global, Module } from '@nestjs/common';
import { RequestRecorder } from '../../access/ports/request-recorder.js';
import { RequestLog } from './request-log.service.js';

/** Global, because the doors of the gateway record too. */
@Global()
@Module({
  providers: [RequestLog, { provide: RequestRecorder, useExisting: RequestLog }],
  exports: [RequestLog, RequestRecorder],
})
export class RequestLogModule {}

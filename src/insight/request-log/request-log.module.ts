import { Global, Module } from '@nestjs/common';
import { RequestRecorder } from '../../access/ports/request-recorder.js';
import { LogDays } from './log-days.js';
import { LogStore } from './log-store.js';
import { OwnRequests } from './own-requests.js';
import { RequestLog } from './request-log.service.js';

/** Global, because the doors of the gateway record too. */
@Global()
@Module({
  providers: [LogDays, LogStore, OwnRequests, RequestLog, { provide: RequestRecorder, useExisting: RequestLog }],
  exports: [RequestLog, RequestRecorder],
})
export class RequestLogModule {}

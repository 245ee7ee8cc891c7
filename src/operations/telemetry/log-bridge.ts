import { context, type Logger, SeverityNumber, trace } from '@opentelemetry/api';
import type { DestinationStream } from 'pino';
import type { CurrentSpan } from './current-span.js';

/** By pino's levels. */
const SEVERITIES: Readonly<Record<number, readonly [SeverityNumber, string]>> = {
  20: [SeverityNumber.DEBUG, 'DEBUG'],
  30: [SeverityNumber.INFO, 'INFO'],
  40: [SeverityNumber.WARN, 'WARN'],
  50: [SeverityNumber.ERROR, 'ERROR'],
  60: [SeverityNumber.FATAL, 'FATAL'],
};

/** Emits each line of the log, which has its secrets redacted already. */
export class LogBridge implements DestinationStream {
  constructor(
    private readonly logger: Logger,
    private readonly current: CurrentSpan,
  ) {}

  write(line: string): void {
    const {
      level,
      time,
      msg,
      pid: _pid,
      hostname: _hostname,
      ...attributes
    } = JSON.parse(line) as {
      readonly [name: string]: unknown;
      readonly level: number;
      readonly time: number;
      readonly msg?: string;
    };
    const [severityNumber, severityText] = SEVERITIES[level] ?? [SeverityNumber.UNSPECIFIED, String(level)];
    const span = this.current.getStore();
    this.logger.emit({
      timestamp: time,
      severityNumber,
      severityText,
      body: msg ?? '',
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, flat(value)])),
      ...(span && { context: trace.setSpan(context.active(), span) }),
    });
  }
}

function flat(value: unknown): string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
}

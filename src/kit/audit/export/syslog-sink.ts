import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConnectionOptions } from 'node:tls';
import type { ExportBatch, ExportSink } from './export-sink.js';
import type { SyslogFormat } from './syslog-message.js';

const PAUSE_MS_MIN = 100;

/**
 * Sends batches as syslog over TLS (RFC 5425). Syslog has no receipts, so each batch has a connection of its own: it counts
 * as taken once the receiver, having read to its end, ends the connection too.
 */
export class SyslogSink implements ExportSink {
  constructor(
    readonly name: string,
    private readonly target: ConnectionOptions,
    private readonly format: SyslogFormat,
  ) {}

  async send({ lines }: ExportBatch, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.concat(lines.map((line) => this.format.frame(line)));
    signal.throwIfAborted();
    const startedAt = performance.now();
    const socket = connect(this.target);
    const abort = () => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort);
    try {
      await new Promise<void>((resolve, reject) => {
        let isEnding = false;
        const end = async () => {
          // Several round trips: the end of a receiver that stops without having read would have come by now.
          await pause(Math.max(PAUSE_MS_MIN, performance.now() - startedAt));
          isEnding = true;
          socket.end();
        };
        socket.on('error', reject);
        socket.on('secureConnect', () => socket.write(bytes, (error) => (error ? reject(error) : void end())));
        socket.on('end', () => {
          if (isEnding) resolve();
          else reject(new Error('the receiver ended the connection before it had read everything'));
        });
        socket.on('close', () => reject(new Error('the receiver closed the connection before it had read everything')));
        socket.resume();
      });
    } finally {
      signal.removeEventListener('abort', abort);
      socket.destroy();
    }
  }
}

import { once } from 'node:events';
import type { ObjectStorage } from '../../../core/object-storage/object-storage.js';
import type { ExportBatch, ExportSink } from './export-sink.js';

/** Writes each batch as an object. Keys sort by time; a repeat overwrites its object. */
export class ObjectSink implements ExportSink {
  constructor(
    readonly name: string,
    private readonly storage: Pick<ObjectStorage, 'put'>,
  ) {}

  async send({ number, plannedAt, lines }: ExportBatch, signal: AbortSignal): Promise<void> {
    const body = Buffer.from(lines.map(({ json }) => `${json}\n`).join(''));
    signal.throwIfAborted();
    const ended = new AbortController();
    const aborted = once(signal, 'abort', { signal: ended.signal }).then(
      () => Promise.reject(signal.reason as Error),
      () => undefined,
    );
    try {
      await Promise.race([this.storage.put(keyOf(number, plannedAt), body), aborted]);
    } finally {
      ended.abort();
    }
  }
}

/** @example 2026/11/29/20261129T203312123Z-0000000042.jsonl */
function keyOf(number: number, plannedAt: Date): string {
  const time = plannedAt.toISOString();
  const name = `${time.replace(/[-:.]/g, '')}-${String(number).padStart(10, '0')}.jsonl`;
  return `${time.slice(0, 10).replaceAll('-', '/')}/${name}`;
}

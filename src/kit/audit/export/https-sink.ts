import { Agent, request } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { ExportBatch, ExportSink } from './export-sink.js';

/** Posts batches as JSON lines. A 2xx is the receipt. */
export class HttpsSink implements ExportSink {
  readonly #agent: Agent;

  constructor(
    readonly name: string,
    private readonly url: string,
    private readonly authorization: string | undefined,
    tls: SecureContextOptions,
  ) {
    this.#agent = new Agent({ ...tls, keepAlive: true, maxSockets: 1 });
  }

  async send({ number, plannedAt, lines }: ExportBatch, signal: AbortSignal): Promise<void> {
    const body = Buffer.from(lines.map(({ json }) => `${json}\n`).join(''));
    const headers = {
      'content-type': 'application/x-ndjson',
      'content-length': body.length,
      'user-agent': 'Gatehouse',
      'idempotency-key': `${plannedAt.getTime()}-${number}`,
      ...(this.authorization !== undefined && { authorization: this.authorization }),
    };
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(this.url, { method: 'POST', agent: this.#agent, headers, signal }, (answer) => {
        // A receipt counts once it is complete; its body is nothing to read.
        answer.resume().on('end', () => resolve(answer.statusCode!));
        answer.on('error', reject);
      });
      sent.on('error', reject).end(body);
    });
    if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
  }
}

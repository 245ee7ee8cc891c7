import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { listenLocally } from './local-server.js';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly resource: Attributes;
}

export interface ReceivedLog {
  readonly severity: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly traceId: string;
}

/** A collector that takes OTLP over HTTP, in protobuf. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly logs: ReceivedLog[] = [];
  readonly metrics: { readonly name: string; readonly kind: string; readonly points: number }[] = [];
  /** All bytes, to be searched for secrets. */
  readonly bodies: Buffer[] = [];
  readonly headers: Record<string, unknown>[] = [];
  /** If false, it takes requests and never answers. */
  answers = true;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer();
    await listenLocally(server);
    const receiver = new OtlpReceiver(server, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        receiver.bodies.push(body);
        receiver.headers.push(request.headers);
        if (request.url === '/v1/traces') receiver.spans.push(...spansIn(body));
        if (request.url === '/v1/logs') receiver.logs.push(...logsIn(body));
        if (request.url === '/v1/metrics') receiver.metrics.push(...metricsIn(body));
        if (receiver.answers) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A message of protobuf: the values of each field, by number. Numbers are bigints, everything else bytes. */
class Message {
  readonly #fields = new Map<number, (bigint | Buffer)[]>();

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length;) {
      const varint = () => {
        let value = 0n;
        for (let shift = 0n; ; shift += 7n) {
          const byte = bytes[at++]!;
          value |= BigInt(byte & 0x7f) << shift;
          if (byte < 0x80) return value;
        }
      };
      const take = (length: number) => bytes.subarray(at, (at += length));
      const tag = Number(varint());
      const [field, wire] = [tag >> 3, tag & 7];
      const value = wire === 0 ? varint() : wire === 1 ? take(8) : wire === 5 ? take(4) : take(Number(varint()));
      this.#fields.set(field, [...(this.#fields.get(field) ?? []), value]);
    }
  }

  messages(field: number): Message[] {
    return (this.#fields.get(field) ?? []).map((value) => new Message(value as Buffer));
  }

  bytes(field: number): Buffer {
    return (this.#fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
  }

  text(field: number): string {
    return this.bytes(field).toString();
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** The fields `key` and `value` of KeyValue. */
  attributes(field: number): Attributes {
    return Object.fromEntries(this.messages(field).map((pair) => [pair.text(1), pair.messages(2)[0]?.anyValue()]));
  }

  anyValue(): string | number | boolean | undefined {
    if (this.has(1)) return this.text(1);
    if (this.has(2)) return this.#fields.get(2)![0] === 1n;
    if (this.has(3)) return Number(this.#fields.get(3)![0]);
    return this.has(4) ? this.bytes(4).readDoubleLE() : undefined;
  }
}

function spansIn(body: Buffer): ReceivedSpan[] {
  return new Message(body).messages(1).flatMap((ofResource) =>
    ofResource.messages(2).flatMap((ofScope) =>
      ofScope.messages(2).map((span) => ({
        traceId: span.bytes(1).toString('hex'),
        spanId: span.bytes(2).toString('hex'),
        parentSpanId: span.bytes(4).toString('hex'),
        name: span.text(5),
        attributes: span.attributes(9),
        events: span.messages(11).map((event) => ({ name: event.text(2), attributes: event.attributes(3) })),
        resource: ofResource.messages(1)[0]!.attributes(1),
      })),
    ),
  );
}

function logsIn(body: Buffer): ReceivedLog[] {
  const scopes = new Message(body).messages(1).flatMap((ofResource) => ofResource.messages(2));
  return scopes.flatMap((ofScope) =>
    ofScope.messages(2).map((record) => ({
      severity: record.text(3),
      body: String(record.messages(5)[0]?.anyValue()),
      attributes: record.attributes(6),
      traceId: record.bytes(9).toString('hex'),
    })),
  );
}

function metricsIn(body: Buffer): { name: string; kind: string; points: number }[] {
  const scopes = new Message(body).messages(1).flatMap((ofResource) => ofResource.messages(2));
  const kinds = { 5: 'gauge', 7: 'sum', 9: 'histogram' };
  return scopes.flatMap((ofScope) =>
    ofScope.messages(2).map((metric) => {
      const [field, kind] = Object.entries(kinds).find(([number]) => metric.has(Number(number))) ?? ['0', 'none'];
      return { name: metric.text(1), kind, points: metric.messages(Number(field))[0]?.messages(1).length ?? 0 };
    }),
  );
}

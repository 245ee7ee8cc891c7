import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is, and called JSON. */
  readonly body?: object | string;
  /** Called in the tick in which the answer's head is read. */
  readonly onHead?: (status: number) => void;
}

/** Over kept-alive connections, as a caller's backend does it; as many as there are requests at once. Never retries. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true });

  /** @param key sent as the bearer of every request */
  constructor(private readonly key?: string) {}

  /** @throws Error when the connection fails before the whole answer is there */
  ask(url: string, { method = 'GET', path, headers, body, onHead }: Ask): Promise<Answer> {
    const sent = typeof body === 'object' ? JSON.stringify(body) : body;
    const all = {
      ...(this.key !== undefined && { Authorization: `Bearer ${this.key}` }),
      ...(sent !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(sent) }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, url), { method, headers: all, agent: this.agent });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        onHead?.(incoming.statusCode!);
        text(incoming).then(
          (whole) => resolve({ status: incoming.statusCode!, headers: incoming.headers, body: whole }),
          reject,
        );
      });
      outgoing.end(sent);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

import { once } from 'node:events';
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
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
  /** Sent as JSON; text is sent unchanged with the JSON content type. */
  readonly body?: object | string;
  /** Called in the tick in which the response head is read. */
  readonly onHead?: (status: number) => void;
}

/** A client with keep-alive connections, one per concurrent request. Never retries. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true });

  /** @param key the bearer token of every request */
  constructor(private readonly key?: string) {}

  /**
   * Of a stream of events, the body is its beginning.
   * @throws Error if the connection fails before the end of the response
   */
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
        const isEndless = incoming.headers['content-type']?.startsWith('text/event-stream');
        (isEndless ? firstEvent(incoming) : text(incoming)).then(
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

/** Reads the beginning of a stream of events, which has no end, and leaves it. */
async function firstEvent(incoming: IncomingMessage): Promise<string> {
  const [chunk] = (await once(incoming, 'data')) as [Buffer];
  incoming.destroy();
  return chunk.toString();
}

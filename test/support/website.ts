import type { ServerResponse } from 'node:http';
import { StubServer } from './stub-server.js';

export interface SitePage {
  readonly title?: string;
  readonly text?: string;
  readonly links?: readonly string[];
  /** Additional HTML for the head. */
  readonly head?: string;
}
type Behaviour = (response: ServerResponse) => void;

/** A local website whose pages a test can change at any time. */
export class Website {
  readonly pages = new Map<string, SitePage | Behaviour>();
  robotsTxt: string | undefined;

  private constructor(private readonly stub: StubServer) {
    stub.answer = (request, response) => {
      const page = this.pages.get(request.url!);
      if (request.url === '/robots.txt' && this.robotsTxt !== undefined) response.end(this.robotsTxt);
      else if (page === undefined) response.writeHead(404).end();
      else if (typeof page === 'function') page(response);
      else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(htmlOf(page));
    };
  }

  static async start(): Promise<Website> {
    return new Website(await StubServer.start('127.0.0.1'));
  }

  /** The value for OUTBOUND_ALLOWED_HOSTS. */
  get host(): string {
    return `127.0.0.1:${this.stub.port}`;
  }

  at(path: string): string {
    return `http://${this.host}${path}`;
  }

  /** The requested paths in order. */
  get asked(): string[] {
    return this.stub.seen.map(({ path }) => path);
  }

  get headersSeen() {
    return this.stub.seen.map(({ headers }) => headers);
  }

  /** Removes all pages and recorded requests. */
  clear(): void {
    this.pages.clear();
    this.robotsTxt = undefined;
    this.forget();
  }

  forget(): void {
    this.stub.seen.length = 0;
  }

  close(): Promise<void> {
    return this.stub.close();
  }
}

export function redirectTo(location: string, status = 302): Behaviour {
  return (response) => void response.writeHead(status, { location }).end();
}

export function answering(status: number, type = 'text/html', body = ''): Behaviour {
  return (response) => void response.writeHead(status, { 'content-type': type }).end(body);
}

/** Streams that many megabytes, by default without end. */
export function endless(megabytes = Infinity): Behaviour {
  return (response) => {
    const chunk = 'x'.repeat(1024 * 1024);
    let left = megabytes;
    response.writeHead(200, { 'content-type': 'text/html' });
    const more = () => {
      if (response.destroyed) return;
      if (left-- > 0) response.write(chunk, () => setImmediate(more));
      else response.end();
    };
    more();
  };
}

/** Streams a word at a time until the client disconnects. */
export const slow: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  const words = setInterval(() => response.write('word '), 100);
  response.on('close', () => clearInterval(words));
};

function htmlOf({ title = 'A page', text = '', links = [], head = '' }: SitePage): string {
  const anchors = links.map((href) => `<li><a href="${href.replaceAll('&', '&amp;')}">more</a></li>`);
  return `<!doctype html><html><head><title>${title}</title>${head}</head>
    <body><nav><ul>${anchors.join('')}</ul></nav><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
}

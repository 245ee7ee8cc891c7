import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { listenLocally } from './local-server.js';

export interface Asked {
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly response_format: { readonly json_schema: { readonly schema: object } };
  };
}

/** A stub of a language model with the answers of the test. */
export class ModelStub {
  readonly asked: Asked[] = [];
  /** The next answers in order; a number is a status. The last one repeats. */
  answers: (object | string | number)[] = [];
  /** Delays the answer until it resolves. */
  thinks: Promise<void> = Promise.resolve();

  private constructor(private readonly server: Server) {
    server.on('request', async (request, response) => {
      this.asked.push({ authorization: request.headers.authorization, body: (await json(request)) as Asked['body'] });
      await this.thinks;
      const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
      if (typeof answer === 'number') return void response.writeHead(answer).end('{}');
      const content = typeof answer === 'string' ? answer : JSON.stringify(answer);
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }));
    });
  }

  static async start(): Promise<ModelStub> {
    const server = createServer();
    await listenLocally(server);
    return new ModelStub(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

import type { Client, TestOrg, TestServer } from './start-app.js';

export interface ShownSession {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}
export interface ShownEntry {
  readonly id: string;
  readonly event: {
    type: string;
    content?: { text: string };
    attachments?: { id: string; url: string }[];
    context?: unknown;
  };
}

/** A client for the chat sessions of one org. */
export class Conversations {
  private constructor(
    readonly org: TestOrg,
    readonly client: Client,
  ) {}

  /** Creates an org and its client. */
  static async of(server: TestServer): Promise<Conversations> {
    const org = await server.newOrg();
    return new Conversations(org, await server.newClient(org));
  }

  async start(fields: object = {}): Promise<string> {
    return ((await this.client.post('/chat/sessions').send(fields).expect(201)).body as { id: string }).id;
  }

  async read(id: string): Promise<ShownSession> {
    return (await this.client.get(`/chat/sessions/${id}`).expect(200)).body as ShownSession;
  }

  async history(id: string): Promise<ShownEntry[]> {
    return ((await this.client.get(`/chat/sessions/${id}/history`).expect(200)).body as { items: ShownEntry[] }).items;
  }

  send(id: string, sender: 'contact' | 'agent', fields: object = {}) {
    const body = { sender, message: { type: 'text', text: 'Hello' }, ...fields };
    return this.client.post(`/chat/sessions/${id}/send`).send(body).expect(200);
  }

  async setStatus(id: string, status: string, fields: object = {}): Promise<ShownSession> {
    const { body } = await this.client
      .patch(`/chat/sessions/${id}`)
      .send({ status, ...fields })
      .expect(200);
    return body as ShownSession;
  }

  handOff(id: string, reasons: readonly string[], fields: object = {}) {
    return this.client
      .post(`/chat/sessions/${id}/handoff`)
      .send({ reasons, ...fields })
      .expect(200);
  }

  async items<T = Record<string, unknown>>(path: string): Promise<T[]> {
    return ((await this.client.get(path).expect(200)).body as { items: T[] }).items;
  }
}

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { StubServer } from './stub-server.js';

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly pem: string;
}

/** Plays GitHub: publishes keys of secret scanning, and signs reports with them. */
export class Github {
  #keys: SigningKey[] = [];
  /** Further entries of the list of keys. */
  others: unknown[] = [];

  private constructor(readonly stub: StubServer) {
    this.available();
  }

  static async start(): Promise<Github> {
    const github = new Github(await StubServer.start('127.0.0.1'));
    github.rotate();
    return github;
  }

  /** How often the keys were asked for. */
  get asked(): number {
    return this.stub.seen.length;
  }

  get settings() {
    return {
      GITHUB_SECRET_SCANNING: 'true',
      GITHUB_API_URL: this.stub.url,
      OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${this.stub.port}`,
    };
  }

  /** Signs with a new key from now on, and publishes the old ones too. */
  rotate(): void {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    this.#keys.unshift({ id: createHash('sha256').update(pem).digest('hex'), privateKey, pem });
  }

  available(): void {
    this.stub.answer = (request, response) => {
      if (request.url !== '/meta/public_keys/secret_scanning') return response.writeHead(404).end();
      const keys = this.#keys.map(({ id, pem }, index) => ({ key_identifier: id, key: pem, is_current: index === 0 }));
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ public_keys: [...this.others, ...keys] }));
    };
  }

  headers(body: string | Buffer): Record<string, string> {
    const { id, privateKey } = this.#keys[0]!;
    return {
      'Content-Type': 'application/json',
      'Github-Public-Key-Identifier': id,
      'Github-Public-Key-Signature': sign('sha256', Buffer.from(body), privateKey).toString('base64'),
    };
  }

  /** Posts a signed report. */
  report(url: string, matches: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const body = typeof matches === 'string' ? matches : JSON.stringify(matches);
    return fetch(`${url}/leaks/github`, { method: 'POST', headers: { ...this.headers(body), ...headers }, body });
  }

  close(): Promise<void> {
    return this.stub.close();
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { HttpClient, type Answer } from './http-client.js';
import type { Installation, OrgKey } from './installation.js';
import { Load, random } from './load.js';
import type { ServerProcess } from './server-process.js';

/** A write that is repeated until it is answered. */
interface Write {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Continuous writes of contacts, orgs, keys and revocations, each repeated until it is answered. Keeps the ids of
 * answered writes, so that tests can look for them.
 */
export class WriteLoad {
  readonly contactIds: string[] = [];
  readonly orgs: { readonly id: string; readonly name: string }[] = [];
  readonly keyIds: string[] = [];
  readonly revokedKeyIds: string[] = [];
  /** Answers that are wrong in every state of the servers. */
  readonly unexpected: string[] = [];
  /** The number of repeated calls by error code or status. */
  readonly calledAgain: Record<string, number> = {};
  private readonly client: HttpClient;
  private readonly load: Load;

  /** @param servers read at every request, so that a restarted server can take its place */
  constructor(
    private readonly installation: Installation,
    private readonly servers: readonly ServerProcess[],
    private readonly key: OrgKey,
    workers: number,
  ) {
    this.client = new HttpClient(key.key);
    const steps = [() => this.addContact(), () => this.addOrg(), () => this.addKey()];
    this.load = new Load(workers, () => random(steps)());
  }

  get answered(): number {
    return this.contactIds.length + this.orgs.length + this.keyIds.length + this.revokedKeyIds.length;
  }

  /** The answered writes that the database doesn't have. */
  async lost(database: pg.Pool): Promise<string[]> {
    const missing = (table: string) => `SELECT id FROM unnest($1::uuid[]) id WHERE id NOT IN (SELECT id FROM ${table})`;
    const searches: [sql: string, ids: readonly string[]][] = [
      [missing('contacts'), this.contactIds],
      [missing('orgs'), this.orgs.map(({ id }) => id)],
      [missing('api_keys'), this.keyIds],
      ['SELECT id FROM api_keys WHERE id = ANY ($1) AND revoked_at IS NULL', this.revokedKeyIds],
    ];
    const found = await Promise.all(searches.map(([sql, ids]) => database.query<{ id: string }>(sql, [ids])));
    return found.flatMap(({ rows }) => rows.map(({ id }) => id));
  }

  /** Resolves when the last writes have been answered. */
  async stop(): Promise<void> {
    await this.load.stop();
    this.client.close();
  }

  private async addContact(): Promise<void> {
    const email = `${randomUUID()}@example.com`;
    const answer = await this.write(this.client, { method: 'POST', path: '/contacts', body: { contact: { email } } });
    // 409: without an Idempotency-Key, an earlier call without an answer may have stored the contact.
    if (answer.status === 201) this.contactIds.push(idOf(answer, 'id'));
    else if (answer.status !== 409) this.unexpected.push(`${answer.status} to a contact`);
  }

  private async addOrg(): Promise<void> {
    const name = randomUUID();
    const answer = await this.writeOnce({ method: 'POST', path: '/partner/v1/orgs', body: { name } });
    if (answer.status === 201) this.orgs.push({ id: idOf(answer, 'id'), name });
    else this.unexpected.push(`${answer.status} to an org`);
  }

  private async addKey(): Promise<void> {
    const path = `/partner/v1/orgs/${this.key.orgId}/api-keys`;
    const answer = await this.writeOnce({ method: 'POST', path, body: { name: randomUUID() } });
    if (answer.status !== 201) return void this.unexpected.push(`${answer.status} to a key`);
    const id = idOf(answer, 'api_key_id');
    this.keyIds.push(id);
    if (Math.random() < 0.5) return;
    const revoked = await this.write(this.installation.partner, { method: 'DELETE', path: `${path}/${id}` });
    if (revoked.status === 204) this.revokedKeyIds.push(id);
    else this.unexpected.push(`${revoked.status} to a revocation`);
  }

  private writeOnce(write: Write): Promise<Answer> {
    const headers = { 'Idempotency-Key': randomUUID() };
    return this.write(this.installation.partner, { ...write, headers });
  }

  /** Repeats the call until the answer is not "try again later". */
  private async write(client: HttpClient, write: Write): Promise<Answer> {
    for (;;) {
      const asked = client.ask(random(this.servers).url, write);
      const answer = await asked.catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
      // 409 with an Idempotency-Key: an earlier call, whose connection was lost, is still running.
      const isLater = (status: number) => status === 503 || (status === 409 && write.headers !== undefined);
      if (typeof answer === 'object' && !isLater(answer.status)) return answer;
      const reason = typeof answer === 'string' ? answer : String(answer.status);
      this.calledAgain[reason] = (this.calledAgain[reason] ?? 0) + 1;
      await sleep(100);
    }
  }
}

function idOf({ body }: Answer, field: string): string {
  return (JSON.parse(body) as Record<string, string>)[field]!;
}

import pg from 'pg';
import { setting } from './serve.ts';

export interface Contact {
  readonly id: string;
}

const COLUMNS = `id, email, phone_number, name, custom_data, unsubscribed_at, undeliverable_at, undeliverable_reason,
  created_at, updated_at`;
const READ = `SELECT ${COLUMNS} FROM contacts WHERE id = $1 AND org_id = $2`;
const PAGE = `SELECT ${COLUMNS} FROM contacts WHERE org_id = $1 ORDER BY id DESC LIMIT $2`;
const INSERT = 'INSERT INTO contacts (id, org_id, email, phone_number, name) VALUES ($1, $2, $3, $4, $5) RETURNING id';

/** The same statements in the common way: named prepared statements on the pool of pg. */
export function openContacts() {
  const pool = new pg.Pool({ connectionString: setting('DATABASE_URL'), max: Number(setting('POOL_SIZE')) });
  const org = setting('ORG_ID');
  return {
    pool,
    async read(id: string): Promise<Contact | undefined> {
      return (await pool.query<Contact>({ name: 'contact', text: READ, values: [id, org] })).rows[0];
    },
    async page(limit: number): Promise<{ items: Contact[]; next: string | null }> {
      const { rows } = await pool.query<Contact>({ name: 'page', text: PAGE, values: [org, limit + 1] });
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? cursorOf(items.at(-1)!.id) : null };
    },
    async insert(id: string, { email, phone, name }: { email?: string; phone?: string; name?: string }) {
      const values = [id, org, email?.toLowerCase(), phone, name];
      return (await pool.query<Contact>({ name: 'insert', text: INSERT, values })).rows[0]!;
    },
  };
}

function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

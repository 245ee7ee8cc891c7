import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Lease } from '../../access/freshness/lease.js';
import { ImportedKeys, type StoredForm } from '../../access/ports/imported-keys.js';
import { Database } from '../../core/database/database.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { isUniqueViolation } from '../../core/errors/postgres-error.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { pepperBytes } from './declared-import.js';
import { type ImportFormat, isBoundToImport } from './import-format.js';
import { type DigestedImport, formOf } from './imported-digest.js';
import { pepperPurpose } from './pepper.js';
import { matchesPattern, type TokenPattern } from './token-pattern.js';

const IMPORT_TAG = 'import:';

const READ = `
  SELECT key_imports.id, org_id, format, pepper, EXISTS (
    SELECT FROM imported_keys WHERE import_id = key_imports.id AND native_at IS NULL
  ) AS is_open
  FROM key_imports JOIN orgs ON orgs.id = org_id WHERE orgs.archived_at IS NULL`;

const STORED = `
  SELECT digest FROM key_credentials WHERE digest = ANY ($1) ORDER BY id`;

/** One statement, so that no process sees one half. The other process's row lock decides between two first uses. */
const MAKE_NATIVE = `
  WITH changed AS (
    UPDATE key_credentials SET digest = $2, secret_hash = NULL WHERE digest = $1 RETURNING key_id
  )
  UPDATE imported_keys SET native_at = now() FROM changed WHERE imported_keys.key_id = changed.key_id`;

interface Row {
  readonly id: string;
  readonly org_id: string;
  readonly format: ImportFormat;
  readonly pepper: Buffer | null;
  /** Whether credentials of it wait for their first use. */
  readonly is_open: boolean;
}

/** The imports, as far as requests need them. */
interface Declared {
  /** Each once. */
  readonly patterns: readonly TokenPattern[];
  /** Those whose credentials can have another form than the native one, without repetition. */
  readonly open: readonly DigestedImport[];
}

/**
 * The imports in memory. Every change of an import drops them and reads them again, so an unknown token costs no query
 * unless its form is declared. While the lease isn't trusted, the last known imports count: they grant nothing by
 * themselves.
 */
@Injectable()
export class ImportRegistry extends ImportedKeys implements OnApplicationBootstrap {
  #declared: Declared | undefined;
  #loading: Promise<Declared> | undefined;

  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    lease: Lease,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
    lease.onChange((tags) => {
      if (tags !== null && !tags.some((tag) => tag.startsWith(IMPORT_TAG))) return;
      this.#declared = undefined;
      this.#loading = undefined;
      this.#loadAhead();
    });
  }

  onApplicationBootstrap(): void {
    this.#loadAhead();
  }

  override isDeclared(token: string): boolean | Promise<boolean> {
    if (this.#declared !== undefined) return isDeclaredBy(this.#declared, token);
    const isDeclared = this.#load().then((declared) => isDeclaredBy(declared, token));
    // The caller may refuse the request for another reason meanwhile.
    isDeclared.catch(() => undefined);
    return isDeclared;
  }

  override async find(token: string, digest: string): Promise<readonly StoredForm[]> {
    const { open } = this.#declared ?? (await this.#load());
    const forms = new Map<string, StoredForm>();
    for (const source of open) {
      const form = matchesPattern(token, source.format.tokens) ? formOf(token, source) : undefined;
      if (form) forms.set(form.digest, form);
    }
    if (forms.size === 0) return [];
    // The native one too: another process may be making it that.
    forms.set(digest, { digest });
    const { rows } = await this.database.query(STORED, [[...forms.keys()]]);
    return (rows as { digest: string }[]).map((row) => forms.get(row.digest)!);
  }

  override async makeNative(storedDigest: string, digest: string): Promise<void> {
    try {
      await this.database.query(MAKE_NATIVE, [storedDigest, digest]);
    } catch (error) {
      // Another key has the same token natively. It is found first from now on.
      if (isUniqueViolation(error, 'key_credentials_digest')) return;
      // The key works as it is, and its next use tries again.
      this.log.warn({ err: error }, 'an imported key could not be stored natively');
    }
  }

  /** A failure is met again by the first token that needs the imports. */
  #loadAhead(): void {
    this.#load().catch(() => undefined);
  }

  #load(): Promise<Declared> {
    if (this.#loading !== undefined) return this.#loading;
    const loading: Promise<Declared> = this.#read().then(
      (declared) => {
        // A change that was applied meanwhile started another read.
        if (this.#loading === loading) this.#declared = declared;
        return declared;
      },
      (error: unknown) => {
        if (this.#loading === loading) this.#loading = undefined;
        throw error;
      },
    );
    this.#loading = loading;
    return loading;
  }

  async #read(): Promise<Declared> {
    const { rows } = await this.database.query(READ, []);
    const patterns = new Map<string, TokenPattern>();
    const open = new Map<string, DigestedImport>();
    for (const { id, org_id, format, pepper, is_open } of rows as unknown as Row[]) {
      patterns.set(JSON.stringify(format.tokens), format.tokens);
      if (!is_open) continue;
      const secret = pepper === null ? undefined : this.#pepperOf(pepper, org_id, id, format);
      if (pepper !== null && secret === undefined) continue;
      // Digests that don't depend on the import are the same for all imports with that pattern.
      const scope = isBoundToImport(format) ? id : `${format.algorithm} ${JSON.stringify(format.tokens)}`;
      open.set(scope, { id, format, pepper: secret });
    }
    return { patterns: [...patterns.values()], open: [...open.values()] };
  }

  #pepperOf(sealed: Buffer, orgId: string, id: string, { pepper }: ImportFormat): Buffer | undefined {
    const text = this.secretBox.tryOpen(sealed, pepperPurpose(orgId, id));
    if (text !== undefined) return pepperBytes(text, pepper!.encoding);
    this.log.error({ import: id }, 'the pepper of an import cannot be decrypted; its unused keys are refused');
    return undefined;
  }
}

function isDeclaredBy({ patterns }: Declared, token: string): boolean {
  return patterns.some((pattern) => matchesPattern(token, pattern));
}

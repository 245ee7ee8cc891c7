import { timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { isUniqueViolation } from '../../core/errors/postgres-error.js';
import type { Actor } from '../../kit/audit/actor.js';
import type { AuditRecord } from '../../kit/audit/audit-chains.js';
import { Changes } from '../../kit/audit/changes.js';
import type { ApiKey } from '../api-keys/api-key.entity.js';
import { activeKeysOf, grantsOf } from '../api-keys/api-keys.service.js';
import { recordKey } from '../api-keys/key-rows.js';
import type { HeldPolicies } from '../key-policies/held-policies.js';
import { KeyPolicies } from '../key-policies/key-policies.service.js';
import { lockOrgForCount } from '../orgs/orgs.service.js';
import { GrantableScopes } from '../services/grantable-scopes.js';
import { declaredImport, type DeclaredImport } from './declared-import.js';
import { isBoundToImport } from './import-format.js';
import { planImport, type Room, type RowOutcome } from './import-plan.js';
import { type ImportRow, readRows } from './import-rows.js';
import { insertImported } from './insert-imported.js';
import { KeyImport } from './key-import.entity.js';
import type { ImportedBatch, AddKeyImportDto } from './key-imports.dto.js';
import { keyImportErrors } from './key-imports.errors.js';
import { pepperPurpose } from './pepper.js';

const IMPORTS_PER_ORG_MAX = 20;
/** An unknown token is hashed once for each of them whose pattern it matches. */
const OPEN_IMPORTS_MAX = 500;
const ATTEMPTS_MAX = 3;

const OPEN_IMPORTS = `
  SELECT count(*)::int AS count FROM key_imports
  WHERE (pepper IS NOT NULL OR format ->> 'lookup' IS NOT NULL)
    AND EXISTS (SELECT FROM imported_keys WHERE import_id = key_imports.id AND native_at IS NULL)`;
/** Another transaction took what the plan found free. */
const RACES = ['key_credentials_digest', 'imported_keys_origin', 'api_keys_external_id'];

interface NamedImport {
  readonly source: KeyImport;
  readonly isNew: boolean;
}

interface SavedRows {
  readonly outcomes: readonly RowOutcome[];
  readonly keys: readonly ApiKey[];
}

class RolledBack extends Error {}

/** Brings keys from other products, which go on working as they are. */
@Injectable()
export class KeyImports {
  constructor(
    private readonly changes: Changes,
    private readonly scopes: GrantableScopes,
    private readonly policies: KeyPolicies,
    private readonly secretBox: SecretBox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Imports a batch. An invalid row fails alone; all others are saved together. A row that was imported before changes
   * nothing. Once it returns, every process accepts the keys.
   * @throws AppError invalid_request (400), not_found (404) for the org, import_differs, limit_reached (409)
   */
  import(actor: Actor, orgId: string, dto: AddKeyImportDto): Promise<ImportedBatch> {
    return this.#run(actor, orgId, dto);
  }

  /** The answer that `import` would give now. Changes nothing. @throws AppError as `import` */
  async preview(actor: Actor, orgId: string, dto: AddKeyImportDto): Promise<ImportedBatch> {
    let batch: ImportedBatch | undefined;
    // Everything is tried, and rolled back.
    await this.#run(actor, orgId, dto, (done) => {
      batch = done;
      throw new RolledBack();
    }).catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    return batch!;
  }

  async #run(
    actor: Actor,
    orgId: string,
    dto: AddKeyImportDto,
    done: (batch: ImportedBatch) => void = () => undefined,
  ): Promise<ImportedBatch> {
    const declared = declaredImport(dto.import);
    const rules = { limits: this.config.limits, catalogue: await this.scopes.entries() };
    const rows = await readRows(dto.keys, declared.format, rules);
    return this.changes.change(actor, async (manager, record) => {
      await lockOrgForCount(manager, orgId);
      const { source, isNew } = await this.#sourceOf(manager, orgId, declared);
      await this.#holdScopes(manager, rows);
      const { outcomes, keys } = await this.#save(manager, actor, { source, isNew }, rows);
      const batch = batchOf(source, outcomes);
      const isSaved = keys.length > 0 || !isNew;
      if (keys.length > 0 && isNew) record(creationOf(source));
      const from = { import: { before: null, after: source.name } };
      for (const key of keys) recordKey(record, 'api_key.imported', key, { ...grantsOf(key), ...from });
      if (isSaved) await manager.update(KeyImport, { id: source.id }, lastBatch(batch));
      done(batch);
      return isSaved ? batch : { ...batch, import_id: null };
    });
  }

  /** The import with that name. A new one is stored with its first key. */
  async #sourceOf(manager: EntityManager, orgId: string, declared: DeclaredImport): Promise<NamedImport> {
    const { name, format } = declared;
    const known = await manager.findOneBy(KeyImport, { org_id: orgId, name });
    if (known) {
      if (!this.#isSame(known, declared)) throw keyImportErrors.import_differs({ name });
      return { source: known, isNew: false };
    }
    await assertRoomForImport(manager, orgId, declared);
    const id = uuidV7();
    const pepper = declared.pepper === null ? null : this.secretBox.seal(declared.pepper, pepperPurpose(orgId, id));
    // The batch sets the time of the last batch, and this change names the row to all processes.
    const columns = { id, org_id: orgId, name, format, pepper, last_batch_at: new Date(0) };
    return { source: manager.create(KeyImport, columns), isNew: true };
  }

  #isSame({ id, org_id, format, pepper }: KeyImport, declared: DeclaredImport): boolean {
    if (!isDeepStrictEqual(format, declared.format)) return false;
    if (pepper === null || declared.pepper === null) return pepper === declared.pepper;
    const [known, given] = [this.secretBox.open(pepper, pepperPurpose(org_id, id)), declared.pepper].map((text) =>
      Buffer.from(text),
    );
    return known!.length === given!.length && timingSafeEqual(known!, given!);
  }

  async #holdScopes(manager: EntityManager, rows: readonly (ImportRow | AppError)[]): Promise<void> {
    const scopes = new Set(rows.flatMap((row) => (row instanceof AppError ? [] : (row.fields.scopes ?? []))));
    if (scopes.size > 0) await this.scopes.hold(manager, 'org', [...scopes]);
  }

  /** Plans again if a key that was created or changed meanwhile took a hash or an external id. */
  async #save(
    manager: EntityManager,
    actor: Actor,
    { source, isNew }: NamedImport,
    rows: readonly (ImportRow | AppError)[],
    attempt = 1,
  ): Promise<SavedRows> {
    try {
      // A savepoint, because a violated constraint ends the transaction otherwise.
      return await manager.transaction(async (nested) => {
        const policies = await this.policies.hold(nested, source.org_id);
        const judged = await judgedRows(policies, rows);
        const outcomes = await planImport(nested, source, judged, await this.#room(nested, source.org_id, policies));
        const created = outcomes.flatMap((outcome) => (outcome.status === 'created' ? [outcome] : []));
        if (created.length > 0 && isNew) await nested.insert(KeyImport, source);
        return { outcomes, keys: await insertImported(nested, actor, source, created) };
      });
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !RACES.some((index) => isUniqueViolation(error, index))) throw error;
      return this.#save(manager, actor, { source, isNew }, rows, attempt + 1);
    }
  }

  async #room(manager: EntityManager, orgId: string, policies: HeldPolicies): Promise<Room> {
    const count = await activeKeysOf(manager, orgId);
    const max = this.config.totals.activeKeysPerOrg;
    const own = { max, refusal: coreErrors.limit_reached({ max, what: 'active API keys' }) };
    const ofPolicy = policies.keysLimit() ?? own;
    const limit = ofPolicy.max < max ? ofPolicy : own;
    return { left: limit.max - count, refusal: limit.refusal };
  }
}

/** The rows with the defaults of the policies. A row that breaks one becomes its error. */
async function judgedRows(
  policies: HeldPolicies,
  rows: readonly (ImportRow | AppError)[],
): Promise<(ImportRow | AppError)[]> {
  const valid = rows.flatMap((row) =>
    row instanceof AppError ? [] : [{ ...row, fields: policies.withDefaults(row.fields) }],
  );
  const problems = await policies.problemsOf(valid.map(({ fields }) => fields));
  const judged = valid.map((row, index) => (problems[index]!.length > 0 ? invalidRequest(problems[index]!) : row));
  return rows.map((row) => (row instanceof AppError ? row : judged.shift()!));
}

/** @throws AppError limit_reached (409) */
async function assertRoomForImport(manager: EntityManager, orgId: string, { format }: DeclaredImport): Promise<void> {
  if ((await manager.countBy(KeyImport, { org_id: orgId })) >= IMPORTS_PER_ORG_MAX) {
    throw coreErrors.limit_reached({ max: IMPORTS_PER_ORG_MAX, what: 'imports' });
  }
  if (!isBoundToImport(format)) return;
  const [{ count }] = (await manager.query(OPEN_IMPORTS)) as [{ count: number }];
  if (count >= OPEN_IMPORTS_MAX) {
    throw coreErrors.limit_reached({ max: OPEN_IMPORTS_MAX, what: 'imports with a pepper or a lookup part' });
  }
}

function batchOf({ id }: KeyImport, outcomes: readonly RowOutcome[]): ImportedBatch {
  const summary = { created: 0, exists: 0, invalid: 0 };
  const results = outcomes.map((outcome, index) => {
    summary[outcome.status]++;
    if (outcome.status !== 'invalid') return { index, status: outcome.status, id: outcome.id, error: null };
    const { code, message } = outcome.error;
    return { index, status: outcome.status, id: null, error: { code, message } };
  });
  return { import_id: id, results, summary };
}

function creationOf({ id, org_id, name }: KeyImport): AuditRecord {
  return { action: 'key_import.created', orgId: org_id, target: { type: 'key_import', id, name } };
}

function lastBatch({ summary }: ImportedBatch): Partial<KeyImport> {
  const { created, exists, invalid } = summary;
  return { last_batch_at: new Date(), last_created: created, last_existing: exists, last_invalid: invalid };
}

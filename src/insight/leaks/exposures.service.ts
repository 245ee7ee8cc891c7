import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { type Actor, SYSTEM } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { Mail, type NewMail, SERVER } from '../../kit/mailer/mail.service.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from '../../tenancy/api-keys/key-credential.entity.js';
import { lockKeyOrThrow, ownerOf, recordKey, revokeKeys } from '../../tenancy/api-keys/key-rows.js';
import { suspendKey } from '../../tenancy/api-keys/key-suspensions.service.js';
import { recordEnd } from '../../tenancy/api-keys/replaced-credentials.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { responseTo } from './exposure-response.js';
import { exposureMail, MAIL_SENDER } from './exposure-mail.js';
import type { ExposureAction, Reporter } from './key-exposure.entity.js';
import type { FoundCredential } from './reported-credentials.js';

export interface Place {
  /** Empty: unknown. */
  readonly url: string;
  readonly found_in: string | null;
}

/** Of one report, and the newest that are kept for a key. */
export const PLACES_MAX = 100;

/** In one entry of the audit, and in one line of the log. */
const URLS_RECORDED_MAX = 10;

/** Who reported, from where. */
export interface Report {
  readonly reportedBy: Reporter;
  readonly ip: string | null;
  readonly requestId: string | null;
}

interface ExposureInput extends Report {
  /** `NO_ORG` for keys of partners, services and the operator. */
  readonly orgId: string;
  readonly keyId: string;
  readonly credentialId: string;
  readonly places: readonly Place[];
}

const NO_ORG = 'installation';

/** One for each credential. Its retries last for days: an exposed key must not stay in use because a process died. */
const EXPOSURE = defineJob<ExposureInput>({
  name: 'key-exposure',
  retries: 60,
  retryAfterSeconds: 2,
  secondsMax: 60,
  atOnce: 4,
  atOncePerOrg: 2,
});

const REPORTER_NAMES: Readonly<Record<Reporter, string>> = {
  github: 'GitHub secret scanning',
  holder: 'Holder of the credential',
};

/** A repeat of a known place adds no row. */
const ADD_PLACES = `
  INSERT INTO key_exposures (id, key_id, credential_id, reported_by, url, found_in, action)
  SELECT id, $1, $2, $3, url, found_in, $4
  FROM jsonb_to_recordset($5::jsonb) AS place (id uuid, url text, found_in text)
  ON CONFLICT (credential_id, reported_by, url) DO NOTHING
  RETURNING url`;

const FORGET_OLDEST = `
  DELETE FROM key_exposures WHERE id IN (
    SELECT id FROM key_exposures WHERE key_id = $1 ORDER BY id DESC OFFSET ${PLACES_MAX})`;

const END_CREDENTIAL = `
  UPDATE key_credentials SET ended_at = now(), retires_at = least(retires_at, now()) WHERE id = $1`;

/** Does with exposed keys what their orgs chose, and tells their managers. */
@Injectable()
export class Exposures implements OnModuleInit {
  constructor(
    private readonly changes: Changes,
    private readonly jobs: Jobs,
    private readonly members: MemberDirectory,
    private readonly mail: Mail,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(EXPOSURE, { run: (input) => this.#respond(input) });
  }

  /** Stores the work in the transaction. Any process does it soon after COMMIT, at least once. */
  async report(
    manager: EntityManager,
    report: Report,
    found: readonly { readonly credential: FoundCredential; readonly places: readonly Place[] }[],
  ): Promise<void> {
    const inputs = found.map(({ credential: { org_id, key_id, credential_id }, places }): ExposureInput => {
      return { ...report, orgId: org_id ?? NO_ORG, keyId: key_id, credentialId: credential_id, places };
    });
    await this.jobs.enqueueAll(manager, EXPOSURE, inputs);
  }

  /** Only a new place has an effect, so a second run and a repeated report change nothing. */
  async #respond(input: ExposureInput): Promise<void> {
    await this.changes.change(actorOf(input), async (manager, record) => {
      const { keyId, credentialId, reportedBy, places } = input;
      const found = await manager.findOneBy(ApiKey, { id: keyId });
      if (found === null) return;
      const key = await lockKeyOrThrow(manager, ownerOf(found), keyId);
      const credential = await manager.findOneBy(KeyCredential, { id: credentialId });
      const org = key.org_id === null ? null : await manager.findOneByOrFail(Org, { id: key.org_id });
      if (credential === null) return;
      const action = responseTo({ key, credential, org, reportedBy });
      const rows = places.map((place) => ({ id: uuidV7(), ...place }));
      const added = await manager.query<{ url: string }[]>(ADD_PLACES, [
        keyId,
        credentialId,
        reportedBy,
        action,
        JSON.stringify(rows),
      ]);
      if (added.length === 0) return;
      await manager.query(FORGET_OLDEST, [keyId]);
      const urls = added.map(({ url }) => url).filter((url) => url !== '');
      recordKey(record, 'api_key.exposed', key, {
        reported_by: { before: null, after: reportedBy },
        ...(urls.length > 0 && { urls: { before: null, after: urls.slice(0, URLS_RECORDED_MAX) } }),
        action: { before: null, after: action },
      });
      await apply(manager, record, key, credential, action);
      this.#log(key, reportedBy, action, urls);
      if (org !== null && org.archived_at === null) {
        await this.#tell(manager, { org, key, credential, action, reportedBy, urls });
      }
    });
  }

  /** For keys without an org, the log is all that tells the operator. */
  #log(key: ApiKey, reportedBy: Reporter, action: ExposureAction, urls: readonly string[]): void {
    const { id, org_id: org, partner_id: partner, service_id: service } = key;
    const shown = urls.slice(0, URLS_RECORDED_MAX);
    this.log.warn({ key: id, org, partner, service, reportedBy, action, urls: shown }, 'an API key was exposed');
  }

  async #tell(
    manager: EntityManager,
    exposure: {
      readonly org: Org;
      readonly key: ApiKey;
      readonly credential: KeyCredential;
      readonly action: ExposureAction;
      readonly reportedBy: Reporter;
      readonly urls: readonly string[];
    },
  ): Promise<void> {
    const { org, key, credential, action } = exposure;
    const content = exposureMail(
      { ...exposure, org: org.name, key: key.name, keyId: key.id },
      this.config.dashboardUrl,
    );
    const creators = key.created_by_type === 'user' && key.created_by_id !== null ? [key.created_by_id] : [];
    const recipients = await this.members.managersAnd(manager, org.id, creators);
    // A leak is often found in many places. Each action is told once a day.
    const day = new Date().toISOString().slice(0, 10);
    const mails = recipients.map(({ user_id, email: to }): NewMail => {
      const mailKey = `key-exposure ${credential.id} ${action} ${day} ${user_id}`;
      return {
        orgId: org.id,
        from: SERVER,
        senderName: MAIL_SENDER,
        to,
        isTransactional: true,
        key: mailKey,
        ...content,
      };
    });
    await this.mail.enqueueAll(manager, mails);
  }
}

async function apply(
  manager: EntityManager,
  record: Recorder,
  key: ApiKey,
  credential: KeyCredential,
  action: ExposureAction,
): Promise<void> {
  if (action === 'revoked') await revokeKeys(manager, record, [key], {});
  if (action === 'suspended') await suspendKey(manager, record, key, 'exposed');
  if (action === 'credential_ended') {
    await manager.query(END_CREDENTIAL, [credential.id]);
    recordEnd(record, key, credential.id);
  }
}

function actorOf({ reportedBy, ip, requestId }: ExposureInput): Actor {
  return { ...SYSTEM, name: REPORTER_NAMES[reportedBy], ip, requestId };
}

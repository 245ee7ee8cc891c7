import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { Mail, type NewMail, SERVER } from '../../kit/mailer/mail.service.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { DAY_MS } from './expiry-steps.js';
import { IDLE_DAYS } from './key-deadlines.service.js';
import type { NoticeAudience } from './key-notice.entity.js';
import { KeyNoticeCounts } from './key-notice-counts.js';
import type { NoticeDigest } from './notice-digest.js';
import { noticeMail, type NoticeReader } from './notice-mail.js';
import { noticeWords } from './notice-words.js';
import { LISTED_MAX, NEXT_AUDIENCE, TAKE, type TakenKey, type TakenNotices } from './taken-notices-sql.js';

const SENDER = 'Gatehouse';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** An audience gets a mail a day. A bit less, because the job doesn't start at the same second each hour. */
const QUIET_MS = DAY_MS - 30 * 60_000;

const TRY_LOCK = `SELECT pg_try_advisory_xact_lock(hashtextextended('key_notices ' || $1, 0)) AS is_mine`;

/** A mail before it is written. */
interface Letter {
  readonly to: readonly string[];
  readonly reader: NoticeReader;
  readonly digest: NoticeDigest;
}

/** Mails pending notices: one mail per recipient that lists all keys. */
@Injectable()
export class NoticeMails {
  constructor(
    private readonly database: Database,
    private readonly mail: Mail,
    private readonly members: MemberDirectory,
    private readonly counts: KeyNoticeCounts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * An audience that fails doesn't hold up the others; its notices stay pending.
   * @throws AggregateError of the failures
   */
  async run(now: Date, signal?: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const audience of ['org', 'partner'] as const) {
      let id = await this.#next(audience, FIRST_ID);
      while (id !== undefined && !signal?.aborted) {
        await this.#mailTo(audience, id, now).catch((failure: unknown) => failures.push(failure));
        id = await this.#next(audience, id);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `mail about keys could not be stored: ${failures.length} times`);
  }

  async #next(audience: NoticeAudience, after: string): Promise<string | undefined> {
    return (await this.database.query(NEXT_AUDIENCE, [audience, after])).rows[0]?.['id'] as string | undefined;
  }

  /** The notices are marked in the transaction that stores the mail, so that a crash neither loses nor repeats one. */
  async #mailTo(audience: NoticeAudience, id: string, now: Date): Promise<void> {
    const taken = await inTransaction(this.database.dataSource, async (manager) => {
      const [{ is_mine: isMine }] = (await manager.query(TRY_LOCK, [id])) as [{ is_mine: boolean }];
      if (!isMine) return undefined;
      const quietSince = new Date(now.getTime() - QUIET_MS);
      const [notices] = (await manager.query(TAKE[audience], [id, now, quietSince])) as [TakenNotices];
      if (notices.keys.length === 0) return notices;
      const letters = audience === 'org' ? await this.#toOrg(manager, id, notices) : toPartner(notices);
      await this.mail.enqueueAll(
        manager,
        letters.flatMap((letter) => this.#written(letter, notices.keys[0]!, now)),
      );
      return notices;
    });
    for (const { kind, state, count } of taken?.results ?? []) {
      this.counts.add(kind === 'expiry' ? 'api_key.expiring' : 'api_key.idle', state, count);
    }
  }

  /** All keys to Owners and Admins, and to other members those that they created. */
  async #toOrg(manager: EntityManager, orgId: string, { total, keys }: TakenNotices): Promise<Letter[]> {
    const { org } = keys[0]!;
    const creators = [...new Set(keys.flatMap(({ creator_id }) => creator_id ?? []))];
    const people = await this.members.managersAnd(manager, orgId, creators);
    const managers = people.filter(({ is_manager }) => is_manager).map(({ email }) => email);
    const listed = keys.filter(({ place }) => place <= LISTED_MAX);
    const letters: Letter[] = [{ to: managers, reader: { as: 'manager', org }, digest: { keys: listed, total } }];
    for (const { user_id, email, is_manager } of people) {
      if (is_manager) continue;
      const own = keys.filter((key) => key.creator_id === user_id);
      const digest = { keys: own.slice(0, LISTED_MAX), total: own[0]!.of_creator };
      letters.push({ to: [email], reader: { as: 'creator', org }, digest });
    }
    return letters;
  }

  /** @param first the mail of a partner belongs to the org of the first key */
  #written({ to, reader, digest }: Letter, first: TakenKey, now: Date): NewMail[] {
    const words = noticeWords(reader.as === 'partner' ? 'en' : first.language);
    const { dashboardUrl } = this.config;
    const content = noticeMail(digest, reader, { dashboardUrl, now, idleDays: IDLE_DAYS, words });
    return to.map((address) => ({
      orgId: first.org_id,
      from: SERVER,
      senderName: SENDER,
      to: address,
      isTransactional: true,
      ...content,
    }));
  }
}

function toPartner({ total, keys }: TakenNotices): Letter[] {
  const { partner, contact_email: to } = keys[0]!;
  return [{ to: [to!], reader: { as: 'partner', partner: partner! }, digest: { keys, total } }];
}

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config, type Limits } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { Mail, type NewMail, SERVER } from '../../kit/mailer/mail.service.js';
import { KEY_STATE } from '../../tenancy/api-keys/key-sql.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { keyFactsSql } from '../health/key-facts-sql.js';
import { KEY_FINDINGS } from '../health/key-findings.js';
import type { KeyReport } from './key-report.js';
import { keyReportMail } from './key-report-mail.js';

/** Runs on Mondays on one process. */
export const KEY_REPORTS = defineScheduledJob({
  name: 'key-reports',
  schedule: '0 7 * * 1',
  retries: 5,
  retryAfterSeconds: 60,
  secondsMax: 1_800,
});

const SENDER = 'Gatehouse';
const EXAMPLES_MAX = 5;

/** The Monday of this week, in UTC. */
const THIS_WEEK = `date_trunc('week', now() AT TIME ZONE 'UTC')::date`;

const NEXT_ORG = `
  SELECT id FROM orgs
  WHERE weekly_key_report AND archived_at IS NULL AND key_report_week IS DISTINCT FROM ${THIS_WEEK} AND id > $1
  ORDER BY id LIMIT 1`;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Answers a row to the one transaction that reports this week. */
const TAKE_WEEK = `
  UPDATE orgs SET key_report_week = ${THIS_WEEK}
  WHERE id = $1 AND weekly_key_report AND archived_at IS NULL AND key_report_week IS DISTINCT FROM ${THIS_WEEK}
  RETURNING name`;

/** Mails the Owners of orgs that want it what their keys call for, once a week. */
@Injectable()
export class KeyReports implements OnModuleInit {
  readonly #report: string;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mail: Mail,
    private readonly members: MemberDirectory,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.#report = reportSql(config.limits);
  }

  onModuleInit(): void {
    this.jobs.handle(KEY_REPORTS, { run: (_input, signal) => this.run(signal) });
  }

  /** Reports to each org that has no report of this week. A run that is stopped leaves the others to its retry. */
  async run(signal?: AbortSignal): Promise<void> {
    let orgId = await this.#orgAfter(FIRST_ID);
    while (orgId !== undefined && !signal?.aborted) {
      await this.#reportTo(orgId);
      orgId = await this.#orgAfter(orgId);
    }
  }

  async #orgAfter(id: string): Promise<string | undefined> {
    return (await this.database.query(NEXT_ORG, [id])).rows[0]?.['id'] as string | undefined;
  }

  /** The week and the messages are stored together, so a second run or another process adds none. */
  async #reportTo(orgId: string): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const [[org]] = (await manager.query(TAKE_WEEK, [orgId])) as [{ name: string }[], number];
      if (org === undefined) return;
      const report = await this.#read(manager, orgId, org.name);
      if (report.keys === 0) return;
      const content = keyReportMail(report, this.config.dashboardUrl);
      const owners = await this.members.owners(manager, orgId);
      const mails = owners.map((to): NewMail => {
        return { orgId, from: SERVER, senderName: SENDER, to, isTransactional: true, ...content };
      });
      await this.mail.enqueueAll(manager, mails);
    });
  }

  async #read(manager: EntityManager, orgId: string, org: string): Promise<KeyReport> {
    const [{ report }] = (await manager.query(this.#report, [orgId])) as [{ report: Omit<KeyReport, 'org'> }];
    return { org, ...report };
  }
}

/** The `KeyReport` of the org $1, without its name. A key that is idle for 90 days isn't listed as idle for 30 too. */
function reportSql(limits: Limits): string {
  const keys = `(SELECT * FROM api_keys WHERE org_id = $1 AND ${KEY_STATE} = 'active') api_keys`;
  return `
    WITH facts AS MATERIALIZED (SELECT * FROM ${keyFactsSql(limits, keys, 'new')} facts),
    found AS (
      SELECT code, count(*) AS keys,
        (array_agg(json_build_object('id', id, 'name', name) ORDER BY requests_7_days DESC, id))[:${EXAMPLES_MAX}] AS examples
      FROM facts CROSS JOIN unnest(findings) code
      WHERE code <> 'idle_30' OR 'idle_90' <> ALL (findings)
      GROUP BY code
    )
    SELECT json_build_object('keys', count(*), 'requests', coalesce(sum(requests_7_days), 0),
      'denied', coalesce(sum(denied_7_days), 0),
      'findings', (SELECT coalesce(json_agg(found ORDER BY array_position('{${KEY_FINDINGS.join()}}', code)), '[]') FROM found)
    ) AS report FROM facts`;
}

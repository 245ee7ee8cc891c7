import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { defineJob, defineScheduledJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { WhatsApp } from '../../../kit/outbound/whatsapp.js';
import { isLiveOrg } from '../../../tenancy/orgs/org-sql.js';
import { BUSINESS_ACCOUNTS, hasBusinessAccount } from '../../../tenancy/whatsapp-numbers/number-sql.js';
import { type TemplateStatus, WhatsAppTemplate } from './whatsapp-template.entity.js';

type TemplateKey = Pick<WhatsAppTemplate, 'org_id' | 'id'>;

/** Looks up the status of one template. */
export const TEMPLATE_STATUS = defineJob<TemplateKey>({
  name: 'whatsapp-template-status',
  retries: 5,
  retryAfterSeconds: 10,
  secondsMax: 120,
  atOnce: 2,
});

/** Looks for templates whose status is old. */
export const TEMPLATE_STATUS_SCHEDULE = defineScheduledJob({
  name: 'whatsapp-template-schedule',
  schedule: '*/5 * * * *',
  retries: 1,
  retryAfterSeconds: 10,
  secondsMax: 120,
});

const PER_BATCH = 100;
// A pending template is checked often. An approved one can be paused or rejected later.
const DUE = `
  UPDATE whatsapp_templates SET status_checked_at = now() WHERE (org_id, id) IN (
    SELECT org_id, id FROM whatsapp_templates
    WHERE (status_checked_at IS NULL
        OR status_checked_at < now() - CASE status WHEN 'pending' THEN interval '15 minutes' ELSE interval '1 day' END)
      AND ${isLiveOrg('whatsapp_templates.org_id')}
      AND ${hasBusinessAccount('whatsapp_templates.org_id')}
    ORDER BY status_checked_at NULLS FIRST LIMIT ${PER_BATCH} FOR NO KEY UPDATE SKIP LOCKED)
  RETURNING org_id, id`;

/** Final statuses of WhatsApp. With any other, such as `PAUSED`, the template is checked again. */
const STATUSES: ReadonlyMap<string | undefined, TemplateStatus> = new Map([
  ['APPROVED', 'approved'],
  ['REJECTED', 'rejected'],
  ['DISABLED', 'rejected'],
  ['PENDING_DELETION', 'rejected'],
  ['DELETED', 'rejected'],
]);

/** Copies the status of templates from WhatsApp. Nothing else sets it. */
@Injectable()
export class TemplateStatuses implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly whatsApp: WhatsApp,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(TEMPLATE_STATUS, { run: (key, signal) => this.#check(key, signal) });
    this.jobs.handle(TEMPLATE_STATUS_SCHEDULE, { run: (_input, signal) => this.lookUpDue(signal) });
  }

  /** Enqueues look-ups. Does nothing if WhatsApp is not configured. @param manager of the transaction */
  async lookUp(manager: EntityManager, keys: readonly TemplateKey[]): Promise<void> {
    if (this.whatsApp.configured === undefined || keys.length === 0) return;
    await this.jobs.enqueueAll(manager, TEMPLATE_STATUS, keys);
  }

  async lookUpDue(signal?: AbortSignal): Promise<void> {
    if (this.whatsApp.configured === undefined) return;
    let found: number;
    do {
      found = await inTransaction(this.database.dataSource, async (manager) => {
        const [due] = (await manager.query(DUE)) as [TemplateKey[], number];
        await this.lookUp(manager, due);
        return due.length;
      });
    } while (found === PER_BATCH && !signal?.aborted);
  }

  async #check({ org_id, id }: TemplateKey, signal: AbortSignal): Promise<void> {
    const { manager } = this.database;
    const { configured } = this.whatsApp;
    const template = await manager.findOneBy(WhatsAppTemplate, { org_id, id });
    if (template === null || configured === undefined) return;
    const accounts = (await manager.query(BUSINESS_ACCOUNTS, [org_id])) as { account: string }[];
    if (accounts.length === 0) return;
    let found: string | undefined;
    for (const { account } of accounts) found ??= await configured.templateStatus(account, template, signal);
    const status = STATUSES.get(found) ?? 'pending';
    await manager.update(WhatsAppTemplate, { org_id, id }, { status, status_checked_at: new Date() });
  }
}

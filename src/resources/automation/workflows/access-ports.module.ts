import { Global, Injectable, Module } from '@nestjs/common';
import { ReadFence } from '../../../access/freshness/read-fence.js';
import { AwaitedEvents } from '../../../access/ports/awaited-events.js';
import { WebhookDirectory, type Webhook } from '../../../access/ports/webhook-directory.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';

const FIND = `
  SELECT json_build_object('orgId', orgs.id, 'partnerActive', coalesce(partners.is_active, true),
    'orgSuspended', orgs.suspended_at IS NOT NULL,
    'isPublic', trigger_configuration ->> 'access_control' = 'public')::text
  FROM workflows
  JOIN workflow_versions version ON version.org_id = workflows.org_id
    AND version.workflow_id = workflows.id AND version.version_number = workflows.active_version
  JOIN orgs ON orgs.id = workflows.org_id AND orgs.archived_at IS NULL
  LEFT JOIN partners ON partners.id = orgs.partner_id
  WHERE webhook_token = $1 AND version.trigger_type = 'webhook'`;

/** Finds active workflows by webhook token, for the guards. */
@Injectable()
export class WorkflowWebhooks extends WebhookDirectory {
  readonly #find: PreparedRead;

  constructor(
    database: Database,
    private readonly fence: ReadFence,
  ) {
    super();
    this.#find = database.reads.prepare('webhooks.find', FIND);
  }

  override find(token: string): Promise<Webhook | undefined> {
    this.fence.assertCanRead();
    return this.#find.row<Webhook>([token]);
  }
}

/** The events that trigger active workflows. */
class WorkflowEvents extends AwaitedEvents {
  override sqlFor(orgId: string): string {
    return `ARRAY(SELECT DISTINCT awaited_event FROM workflows
      WHERE workflows.org_id = ${orgId} AND awaited_event IS NOT NULL)`;
  }
}

/** Implements the ports of `access/` that need workflows. */
@Global()
@Module({
  providers: [
    { provide: AwaitedEvents, useClass: WorkflowEvents },
    { provide: WebhookDirectory, useClass: WorkflowWebhooks },
  ],
  exports: [AwaitedEvents, WebhookDirectory],
})
export class WorkflowAccessPortsModule {}

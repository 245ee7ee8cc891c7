import type { Client, TestOrg, TestServer } from './start-app.js';
import { until } from './until.js';

export interface ShownWorkflow {
  readonly id: number;
  readonly workflow_id: string;
  readonly is_active: boolean;
  readonly active_version_number: number | null;
  readonly version_number: number;
  readonly webhook_url: string | null;
  readonly [field: string]: unknown;
}
export interface ShownRun {
  readonly id: string;
  readonly status: string;
  readonly trigger_cause: string;
  readonly error: string | null;
  readonly [field: string]: unknown;
}

/** Blocks that do nothing. */
export const NO_OP = [{ kind: 'if_else', id: 'd', condition: { operator: 'exists', left: null }, then: [], else: [] }];

/** A block that tags the session. */
export function tagBlock(id: string, tag_name: string, input: object = {}) {
  return { kind: 'action', id, type: 'add_tag', name: `Tag it ${tag_name}`, input: { tag_name, ...input } };
}

/** A block that continues with one of two branches. */
export function ifElseBlock(condition: object, then: object[] = [], otherwise: object[] = []) {
  return { kind: 'if_else', id: 'branch', condition, then, else: otherwise };
}

/** A client for the workflows of one org. */
export class WorkflowsOf {
  constructor(readonly client: Client) {}

  async create(fields: object = {}): Promise<ShownWorkflow> {
    const workflow = { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [tagBlock('tag', 'vip')], ...fields };
    return (await this.client.post('/workflows').send(workflow).expect(201)).body as ShownWorkflow;
  }

  async activate({ workflow_id }: ShownWorkflow, body: object = {}): Promise<ShownWorkflow> {
    return (await this.client.post(`/workflows/${workflow_id}/activate`).send(body).expect(200)).body as ShownWorkflow;
  }

  async active(fields: object = {}): Promise<ShownWorkflow> {
    return this.activate(await this.create(fields));
  }

  async runs({ workflow_id }: ShownWorkflow, query = ''): Promise<ShownRun[]> {
    const { body } = await this.client.get(`/workflows/${workflow_id}/runs${query}`).expect(200);
    return (body as { items: ShownRun[] }).items;
  }

  /** Waits until the only run of a workflow has ended. */
  async ended(workflow: ShownWorkflow): Promise<ShownRun> {
    const hasEnded = async () => (await this.runs(workflow)).some(({ run_ended_at: at }) => at !== null);
    await until('the run has ended', hasEnded, { everyMs: 20 });
    const [run, ...others] = await this.runs(workflow);
    if (others.length > 0) throw new Error('there is more than one run');
    return run!;
  }
}

/** The path of a webhook, which the server returns as a URL with its public origin. */
export function webhookPath({ webhook_url }: ShownWorkflow): string {
  return new URL(webhook_url!).pathname;
}

/** Creates a workflow whose webhook requires a key of the org. Returns the token of the webhook. */
export async function privateWebhook(server: TestServer, org: TestOrg): Promise<string> {
  const flows = new WorkflowsOf(await server.newClient(org));
  return webhookPath(await flows.active())
    .split('/')
    .at(-1)!;
}

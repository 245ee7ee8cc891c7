import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS, EXAMPLE_TOKENS as TOKENS } from '../../../core/wire/example-ids.js';

const BLOCKS = [
  {
    kind: 'action',
    id: 'tag',
    type: 'add_tag',
    name: 'Tag refunds',
    input: { session_id: IDS.chatSession, tag_name: 'refund' },
  },
];
const WORKFLOW = {
  name: 'Refund requests',
  description: 'Tags the session when the booking system reports a cancelled cruise.',
  trigger_type: 'webhook',
  trigger_configuration: { access_control: 'private' },
};
const RUN = {
  id: IDS.workflowRun,
  workflow_id: 12,
  status: 'completed',
  trigger_cause: 'automatic',
  is_test_run: false,
  error: null,
  run_started_at: '2026-03-09T14:05:00.120Z',
  run_ended_at: '2026-03-09T14:05:00.480Z',
  duration_in_seconds: 0.36,
};

export const workflowExamples = defineExamples({
  schemas: {
    Workflow: {
      id: 12,
      workflow_id: IDS.workflow,
      ...WORKFLOW,
      is_active: true,
      active_version_number: 1,
      version_number: 1,
      workflow_blocks: BLOCKS,
      webhook_url: `https://gatehouse.example/workflows/webhooks/${TOKENS.webhookToken}`,
      activated_by: null,
    },
    CreateWorkflowDto: { ...WORKFLOW, workflow_blocks: BLOCKS },
    UpdateWorkflowDto: { description: 'Tags the session of a guest whose cruise is cancelled.' },
    SetWorkflowVersionDto: { version_number: 1 },
    Run: RUN,
    WholeRun: RUN,
    RunStep: {
      id: 'tag',
      status: 'completed',
      started_at: '2026-03-09T14:05:00.150Z',
      ended_at: '2026-03-09T14:05:00.471Z',
      output: { session_id: IDS.chatSession, tags: ['refund'] },
      error: null,
    },
    StartedRun: { run_id: IDS.workflowRun },
  },
  paths: {
    '/workflows/{workflow_id}': IDS.workflow,
    '/workflows/{workflow_id}/runs/{run_id}': IDS.workflowRun,
    '/workflows/webhooks/{webhook_token}': TOKENS.webhookToken,
  },
  operations: {
    'workflows.create': { response: { is_active: false, active_version_number: null } },
    'workflows.deactivate': { response: { is_active: false, active_version_number: null } },
    'workflows.list': { query: { trigger_type: 'webhook', is_active: true } },
    'workflows.call': { body: { departure: '2026-06-14T18:30', cancelled: true } },
  },
});

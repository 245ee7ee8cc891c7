import type { EntityManager } from 'typeorm';
import { takeTurn } from '../../../core/database/transaction.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { awaitedEventOf } from './triggers.js';
import { WorkflowAction } from './workflow-action.entity.js';
import { WorkflowRecord } from './workflow-record.entity.js';
import { WorkflowVersion } from './workflow-version.entity.js';

const NEXT_VERSION_ID = `
  INSERT INTO workflow_version_counters (org_id, last_id) VALUES ($1, 1)
  ON CONFLICT (org_id) DO UPDATE SET last_id = workflow_version_counters.last_id + 1
  RETURNING last_id`;

/** Locks the workflow, so that version numbers have no gaps. @throws AppError not_found (404) */
export async function lockOrThrow(manager: EntityManager, orgId: string, id: string): Promise<WorkflowRecord> {
  const where = { org_id: orgId, id };
  const lock = { mode: 'pessimistic_write' } as const;
  const workflow = await manager.findOne(WorkflowRecord, { where, lock });
  if (workflow === null) throw notFound('Workflow');
  return workflow;
}

/** @throws AppError not_found (404) */
export async function versionOrThrow(
  manager: EntityManager,
  { org_id, id }: WorkflowRecord,
  versionNumber: number,
): Promise<WorkflowVersion> {
  const version = await manager.findOneBy(WorkflowVersion, { org_id, workflow_id: id, version_number: versionNumber });
  if (!version) throw notFound('Workflow version');
  return version;
}

export async function nextVersionId(manager: EntityManager, orgId: string): Promise<string> {
  await takeTurn(manager, 'workflow', orgId);
  const [{ last_id }] = (await manager.query(NEXT_VERSION_ID, [orgId])) as [{ last_id: string }];
  return last_id;
}

/**
 * @param version null: deactivate
 * @param actionIds the actions that the version names
 */
export async function setActiveVersion(
  manager: EntityManager,
  { org_id, id, active_version: before }: WorkflowRecord,
  version: WorkflowVersion | null,
  actionIds: readonly string[],
): Promise<void> {
  const active_version = version && version.version_number;
  const awaited_event = version && awaitedEventOf(version.trigger_type);
  await manager.update(WorkflowRecord, { org_id, id }, { active_version, awaited_event });
  for (const version_number of [before, active_version]) {
    if (version_number === null) continue;
    await manager.update(WorkflowVersion, { org_id, workflow_id: id, version_number }, { updated_at: new Date() });
  }
  const key = { org_id, workflow_id: id };
  await manager.delete(WorkflowAction, key);
  await manager.insert(
    WorkflowAction,
    actionIds.map((action_id) => ({ ...key, action_id })),
  );
}

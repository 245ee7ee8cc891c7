import { Inject, Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { mintToken64Hex } from '../../../access/credentials/credential-format.js';
import type { Principal } from '../../../access/principal/principal.js';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import { type Actor, partyOf } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { givenFields } from '../../../kit/audit/changes-of.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { About } from '../../../core/wire/field.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import { type Filters, isTrue } from '../../../kit/lists/filters.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import type { Block } from './block.js';
import { BlockExecutors } from './blocks/block-executors.js';
import { validateActivation } from './validate-activation.js';
import { validateBlocks } from './validate-blocks.js';
import { actionsIn, validateIds } from './validate-ids.js';
import { TRIGGER_TYPES, type TriggerType } from './triggers.js';
import type { CreateWorkflowDto, TriggerConfiguration, UpdateWorkflowDto, Workflow } from './workflow.dto.js';
import { WorkflowRecord } from './workflow-record.entity.js';
import { WorkflowVersion } from './workflow-version.entity.js';
import { scopesOfVersion } from './version-scopes.js';
import { lockOrThrow, nextVersionId, setActiveVersion, versionOrThrow } from './workflow-rows.js';
import { workflowAsJson } from './workflow-sql.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';

export const WORKFLOW_FILTERS: Filters = {
  is_active: isTrue(
    '(active_version IS NOT NULL)',
    About('Whether a version of the workflow runs, also an older one.'),
  ),
  trigger_type: {
    rules: [IsIn(TRIGGER_TYPES), About('Of the latest version, or of the one that runs.')],
    condition: (parameter) => `(trigger_type = ${parameter} OR EXISTS (SELECT FROM workflow_versions running
      WHERE running.org_id = workflows.org_id AND running.workflow_id = workflows.id
        AND running.version_number = active_version AND running.trigger_type = ${parameter}))`,
    isSlow: true,
  },
};

type VersionValues = Pick<
  WorkflowVersion,
  'name' | 'description' | 'trigger_type' | 'trigger_configuration' | 'workflow_blocks'
>;

/** Workflows and their versions. Lists show the latest version, which need not be the active one. */
@Injectable()
export class Workflows {
  readonly #pages: PreparedPages<Workflow>;
  readonly #read: PreparedRead;
  readonly #version: string;

  constructor(
    database: Database,
    private readonly changes: Changes,
    private readonly executors: BlockExecutors,
    @Inject(CONFIG) { publicUrl }: Config,
  ) {
    const latest = workflowAsJson(publicUrl, 'workflows.latest_version');
    this.#pages = new PreparedPages(database, { table: 'workflows', item: latest, filters: WORKFLOW_FILTERS });
    const read = `SELECT ${latest} FROM workflows WHERE org_id = $1 AND id = $2`;
    this.#read = database.reads.prepare('workflows.read', read);
    this.#version = `SELECT ${workflowAsJson(publicUrl, '$3')}::json AS workflow FROM workflows WHERE org_id = $1 AND id = $2`;
  }

  list({ orgId }: Principal, page: PageRequest): Promise<WireJson<Page<Wire<Workflow>>>> {
    return this.#pages.read(orgId, page);
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal, id: string): Promise<WireJson<Wire<Workflow>>> {
    const workflow = await this.#read.json<Wire<Workflow>>([orgId, id]);
    if (workflow === undefined) throw notFound('Workflow');
    return workflow;
  }

  /** Creates an inactive first version. @throws AppError invalid_request (400), scope_missing (403) */
  async create(principal: Principal, actor: Actor, dto: CreateWorkflowDto): Promise<Wire<Workflow>> {
    const { orgId } = principal;
    const values = validatedValues(dto);
    this.#assertScopes(principal, values);
    return this.changes.change(actor, async (manager, record) => {
      await this.#assertIds(manager, orgId, values.workflow_blocks);
      const id = uuidV7();
      const { trigger_type } = values;
      await manager.insert(WorkflowRecord, { id, org_id: orgId, webhook_token: mintToken64Hex(), trigger_type });
      const workflow = { org_id: orgId, id, latest_version: 0 };
      const target = targetOf(versionAfter(workflow, values));
      record({ action: 'workflow.created', orgId, target, changes: givenFields({ trigger_type }) });
      return this.#insertVersion(manager, workflow, values);
    });
  }

  /**
   * Creates an inactive new version. Omitted fields are copied from the latest version.
   * @throws AppError invalid_request (400), scope_missing (403), not_found (404)
   */
  async edit(principal: Principal, actor: Actor, id: string, dto: UpdateWorkflowDto): Promise<Wire<Workflow>> {
    if (Object.values(dto).every((value) => value === undefined)) return (await this.read(principal, id)).parse();
    if (dto.workflow_blocks !== undefined) assertValidBlocks(dto.workflow_blocks);
    return this.changes.change(actor, async (manager, record) => {
      const workflow = await lockOrThrow(manager, principal.orgId, id);
      const latest = await versionOrThrow(manager, workflow, workflow.latest_version);
      const { name, description, trigger_type, trigger_configuration, workflow_blocks } = latest;
      const kept = { name, description, trigger_type, trigger_configuration, workflow_blocks };
      const values = validatedValues({ ...kept, ...dto });
      this.#assertScopes(principal, values);
      if (dto.workflow_blocks !== undefined) await this.#assertIds(manager, principal.orgId, dto.workflow_blocks);
      const target = targetOf(versionAfter(workflow, values));
      record({ action: 'workflow.updated', orgId: principal.orgId, target });
      return this.#insertVersion(manager, workflow, values);
    });
  }

  /**
   * Activates a version in place of the active one. Once it returns, no process misses an event of the trigger.
   * @throws AppError not_found (404) for the workflow or the version, scope_missing (403), invalid_request (400) naming
   *   what prevents it from running
   */
  async activate(principal: Principal, actor: Actor, id: string, versionNumber?: number): Promise<Wire<Workflow>> {
    const { orgId } = principal;
    return this.changes.change(actor, async (manager, record) => {
      const workflow = await lockOrThrow(manager, orgId, id);
      const version = await versionOrThrow(manager, workflow, versionNumber ?? workflow.latest_version);
      const { workflow_blocks, trigger_type, version_number } = version;
      this.#assertScopes(principal, version);
      const problems = validateActivation(workflow_blocks, trigger_type, this.executors.byType);
      if (problems.length > 0) throw invalidRequest(problems);
      await this.#assertIds(manager, orgId, workflow_blocks);
      if (workflow.active_version !== version_number) {
        await setActiveVersion(manager, workflow, version, actionsIn(workflow_blocks, this.executors.byType));
        const key = { org_id: orgId, workflow_id: workflow.id, version_number };
        await manager.update(WorkflowVersion, key, { activated_by: partyOf(principal) });
        record({ action: 'workflow.activated', orgId, target: targetOf(version) });
      }
      return this.#shown(manager, workflow, version_number);
    });
  }

  /** Started runs continue. Does nothing for an inactive version. @throws AppError not_found (404) */
  async deactivate({ orgId }: Principal, actor: Actor, id: string, versionNumber?: number): Promise<Wire<Workflow>> {
    return this.changes.change(actor, async (manager, record) => {
      const workflow = await lockOrThrow(manager, orgId, id);
      const { active_version: active, latest_version: latest } = workflow;
      const version = await versionOrThrow(manager, workflow, versionNumber ?? active ?? latest);
      if (active === version.version_number) {
        await setActiveVersion(manager, workflow, null, []);
        record({ action: 'workflow.deactivated', orgId, target: targetOf(version) });
      }
      return this.#shown(manager, workflow, version.version_number);
    });
  }

  /** Also deletes its versions and runs. @throws AppError not_found (404) */
  async delete({ orgId }: Principal, actor: Actor, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const workflow = await lockOrThrow(manager, orgId, id);
      const version = await versionOrThrow(manager, workflow, workflow.latest_version);
      await manager.delete(WorkflowRecord, { org_id: orgId, id: workflow.id });
      record({ action: 'workflow.deleted', orgId, target: targetOf(version) });
    });
  }

  /** Runs do not check scopes, so the caller must have them. @throws AppError scope_missing (403) */
  #assertScopes(principal: Principal, { workflow_blocks, trigger_type }: VersionValues): void {
    assertScopes(principal, scopesOfVersion(workflow_blocks, trigger_type, this.executors.byType));
  }

  /** @throws AppError invalid_request (400) naming each field whose id is unknown in the org */
  async #assertIds(manager: EntityManager, orgId: string, blocks: readonly Block[]): Promise<void> {
    const problems = await validateIds(manager, orgId, blocks, this.executors.byType);
    if (problems.length > 0) throw invalidRequest(problems);
  }

  async #insertVersion(
    manager: EntityManager,
    workflow: Pick<WorkflowRecord, 'org_id' | 'id' | 'latest_version'>,
    values: VersionValues,
  ): Promise<Wire<Workflow>> {
    const { org_id, id } = workflow;
    const version_number = workflow.latest_version + 1;
    const key = { org_id, id: await nextVersionId(manager, org_id) };
    await manager.insert(WorkflowVersion, { ...values, ...key, workflow_id: id, version_number } as object);
    const { trigger_type } = values;
    await manager.update(WorkflowRecord, { org_id, id }, { latest_version: version_number, trigger_type });
    return this.#shown(manager, workflow, version_number);
  }

  async #shown(
    manager: EntityManager,
    { org_id, id }: Pick<WorkflowRecord, 'org_id' | 'id'>,
    versionNumber: number,
  ): Promise<Wire<Workflow>> {
    const [found] = (await manager.query(this.#version, [org_id, id, versionNumber])) as [{ workflow: Wire<Workflow> }];
    return found.workflow;
  }
}

/** @throws AppError invalid_request (400) */
function validatedValues(dto: VersionValues | CreateWorkflowDto): VersionValues {
  const { name, description, trigger_type, workflow_blocks } = dto;
  assertValidBlocks(workflow_blocks);
  const trigger_configuration = configurationOf(trigger_type, dto.trigger_configuration ?? null);
  return { name, description, trigger_type, trigger_configuration, workflow_blocks };
}

function assertValidBlocks(blocks: readonly unknown[]): void {
  const problems = validateBlocks(blocks, 'workflow_blocks');
  if (problems.length > 0) throw invalidRequest(problems);
}

/** Webhooks are private by default. */
function configurationOf(trigger: TriggerType, given: TriggerConfiguration | null): TriggerConfiguration | null {
  if (trigger !== 'webhook') return given && { ...given };
  return { access_control: given?.access_control ?? 'private' };
}

/** The version after an edit, for the audit, which omits blocks because the version stores them. */
function versionAfter({ id, latest_version }: Pick<WorkflowRecord, 'id' | 'latest_version'>, { name }: VersionValues) {
  return { workflow_id: id, name, version_number: latest_version + 1 };
}

function targetOf({
  workflow_id,
  name,
  version_number,
}: Pick<WorkflowVersion, 'workflow_id' | 'name' | 'version_number'>) {
  return { type: 'workflow', id: workflow_id, name: `${name}, version ${version_number}` };
}

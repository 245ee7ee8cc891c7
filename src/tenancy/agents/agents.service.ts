import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WithinOrg } from '../../access/principal/principal.js';
import type { Actor, Caller } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { changesOf, givenFields } from '../../kit/audit/changes-of.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import type { CreateAgentDto, UpdateAgentDto } from './agent.dto.js';
import { Agent } from './agent.entity.js';
import { kit } from './agents.definition.js';
import type { Wire } from '../../core/wire/wire-json.js';

/** A member, a key or a partner. */
export interface AgentEditor {
  readonly principal: WithinOrg;
  readonly actor: Actor;
}

/** Runs in the transaction that deletes an agent, under its lock. */
export type AgentDeletionHook = (
  manager: EntityManager,
  record: Recorder,
  agent: Pick<Agent, 'id' | 'org_id'>,
) => Promise<void>;

/** The AI agents of an org. Members and keys manage them; each change is audited. */
@Injectable()
export class Agents extends kit.Service {
  readonly #deletionHooks: AgentDeletionHook[] = [];

  constructor(
    database: Database,
    private readonly changes: Changes,
  ) {
    super(database);
  }

  /** Registers a clean-up of rows that belong to an agent. */
  beforeDeletion(hook: AgentDeletionHook): void {
    this.#deletionHooks.push(hook);
  }

  /** @throws AppError not_found (404) for the knowledge base */
  async add({ principal: { orgId }, actor }: AgentEditor, agent: CreateAgentDto): Promise<Wire<Agent>> {
    const id = uuidV7();
    return this.changes.change(actor, async (manager, record) => {
      const added = await this.insert({ ...agent, id, org_id: orgId }, manager);
      const { name, ...settings } = agent;
      record({ action: 'agent.created', orgId, target: targetOf({ id, name }), changes: givenFields(settings) });
      return added;
    });
  }

  /** @throws AppError not_found (404) for the agent or the knowledge base */
  async change({ principal, actor }: Caller, id: string, dto: UpdateAgentDto): Promise<Wire<Agent>> {
    return this.changes.change(actor, async (manager, record) => {
      const agent = await this.#lock(manager, principal.orgId, id);
      const changes = changesOf(agent, dto);
      if (Object.keys(changes).length === 0) return this.find(principal, id);
      record({ action: 'agent.updated', orgId: principal.orgId, target: targetOf(agent), changes });
      return this.update(principal, id, { ...dto }, manager);
    });
  }

  /** Revokes the agent's keys; once it returns, every process refuses them. @throws AppError not_found (404) */
  async remove({ principal: { orgId }, actor }: Caller, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const agent = await this.#lock(manager, orgId, id);
      for (const hook of this.#deletionHooks) await hook(manager, record, { id, org_id: orgId });
      await manager.delete(Agent, { id, org_id: orgId });
      record({ action: 'agent.deleted', orgId, target: targetOf(agent) });
    });
  }

  async #lock(manager: EntityManager, orgId: string, id: string): Promise<Agent> {
    const lock = { mode: 'pessimistic_write' } as const;
    return (await manager.findOne(Agent, { where: { id, org_id: orgId }, lock })) ?? this.notFound();
  }
}

function targetOf({ id, name }: Pick<Agent, 'id' | 'name'>) {
  return { type: 'agent', id, name };
}

import type { EntityManager } from 'typeorm';
import type { Database } from '../../../core/database/database.js';
import { inSurroundingTransaction } from '../../../core/database/transaction.js';
import { AppError } from '../../../core/errors/app-error.js';
import { validated } from '../../../core/validation/request.pipe.js';
import { escapeHtml } from '../../../core/wire/escape-html.js';
import type { ActionBlock, Block, IfElseBlock } from './block.js';
import { type BlockExecutor, RetryableStepError } from './blocks/block-executor.js';
import type { BlockExecutors } from './blocks/block-executors.js';
import { type Condition, isMet } from './condition.js';
import { resolveReferences, RESOLVED_CHARACTERS_MAX } from './references.js';
import type { RunKey } from './workflow-runs.service.js';
import { WorkflowRunStep } from './workflow-run-step.entity.js';

/** Limit of a step's result as JSON. */
const RESULT_CHARACTERS_MAX = 262_144;

/** Fails the run without a retry. The message is for the workflow's author. */
export class RunFailure extends Error {}

/** Executes the blocks of a run, in one attempt. */
export class RunningBlocks {
  /** @param known `trigger`, and the results of recorded steps by id */
  constructor(
    private readonly database: Database,
    private readonly executors: BlockExecutors,
    private readonly run: RunKey,
    private readonly known: Map<string, unknown>,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws RunFailure to fail the run. Other errors, such as RetryableStepError, are retried */
  async do(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) {
      this.signal.throwIfAborted();
      if (block.kind === 'action') await this.#act(block);
      else await this.do((await this.#decide(block)) ? block.then : block.else);
    }
  }

  /** Recorded like a step, because its data can change before a retry. */
  async #decide({ id, condition }: IfElseBlock): Promise<boolean> {
    if (!this.known.has(id)) {
      const resolved = this.#resolve(id, condition) as Condition;
      await this.#record(this.database.manager, id, { is_met: isMet(resolved) });
    }
    return (this.known.get(id) as { is_met: boolean }).is_met;
  }

  async #act(block: ActionBlock): Promise<void> {
    const { id, type } = block;
    if (this.known.has(id)) return;
    const executor = this.executors.byType[type];
    const act = async (manager: EntityManager) =>
      this.#record(manager, id, await this.#result(manager, executor, block));
    try {
      if (executor.effect === 'outside') await act(this.database.manager);
      else await inSurroundingTransaction(this.database.dataSource, act);
    } catch (error) {
      if (error instanceof RetryableStepError) throw new RetryableStepError(`${id}: ${error.message}`);
      if (!(error instanceof AppError) || error.definition.status >= 500) throw error;
      throw new RunFailure(`${id}: ${error.message}`);
    }
  }

  #result(manager: EntityManager, executor: BlockExecutor, { id, input }: ActionBlock): Promise<object> {
    const given = executor.needsSession ? this.#withSession(id, input) : input;
    return executor.run({
      orgId: this.run.org_id,
      manager,
      key: `${this.run.id}.${id}`,
      input: validated(this.#resolveInput(id, given, executor), executor.input),
      signal: this.signal,
    });
  }

  #withSession(id: string, input: ActionBlock['input']): object {
    const trigger = this.known.get('trigger') as { session_id?: unknown } | null;
    const session_id = input['session_id'] ?? trigger?.session_id;
    if (session_id !== undefined) return { ...input, session_id };
    throw new RunFailure(`${id}: session_id is in neither its input nor the trigger.`);
  }

  #resolveInput(id: string, input: object, { htmlFields = [] }: BlockExecutor): object {
    const html = Object.entries(input).filter(([name]) => htmlFields.includes(name));
    const escaped = this.#resolve(id, Object.fromEntries(html), escapeHtml);
    return { ...(this.#resolve(id, input) as object), ...(escaped as object) };
  }

  #resolve(id: string, value: unknown, escape?: (text: string) => string): unknown {
    const resolved = resolveReferences(value, Object.fromEntries(this.known), escape);
    if (resolved !== undefined) return resolved.value;
    throw new RunFailure(`${id}: its input has more than ${RESOLVED_CHARACTERS_MAX} characters.`);
  }

  /** The primary key makes the second of two concurrent executions fail and roll back. */
  async #record(manager: EntityManager, id: string, result: object): Promise<void> {
    if (JSON.stringify(result).length > RESULT_CHARACTERS_MAX) {
      throw new RunFailure(`${id}: its result has more than ${RESULT_CHARACTERS_MAX} characters.`);
    }
    const { org_id, id: run_id } = this.run;
    await manager.insert(WorkflowRunStep, { org_id, run_id, step_id: id, result });
    this.known.set(id, result);
  }
}

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
import type { WorkflowRunStep } from './workflow-run-step.entity.js';

/** Limit of a step's result as JSON. */
const RESULT_CHARACTERS_MAX = 262_144;
const ERROR_CHARACTERS_MAX = 500;

// A completed step stays as it is: of two concurrent executions, the second one finds no row and rolls back.
const SAVE = `
  INSERT INTO workflow_run_steps (org_id, run_id, step_id, position, result, error, started_at, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (org_id, run_id, step_id) DO UPDATE
    SET result = excluded.result, error = excluded.error, ended_at = excluded.ended_at
    WHERE workflow_run_steps.result IS NULL
  RETURNING step_id`;

/** Fails the run without a retry. The message is for the workflow's author. */
export class RunFailure extends Error {}

export function messageOf({ message }: Error): string {
  return message.slice(0, ERROR_CHARACTERS_MAX).toWellFormed();
}

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
    await this.#once(id, async (startedAt) => {
      const resolved = this.#resolve(condition) as Condition;
      await this.#complete(this.database.manager, id, startedAt, { is_met: isMet(resolved) });
    });
    return (this.known.get(id) as { is_met: boolean }).is_met;
  }

  async #act(block: ActionBlock): Promise<void> {
    const executor = this.executors.byType[block.type];
    await this.#once(block.id, async (startedAt) => {
      const act = async (manager: EntityManager) =>
        this.#complete(manager, block.id, startedAt, await this.#result(manager, executor, block));
      if (executor.effect === 'outside') await act(this.database.manager);
      else await inSurroundingTransaction(this.database.dataSource, act);
    });
  }

  /** Runs a step unless it is completed. Records its error, and names the step in it. */
  async #once(id: string, run: (startedAt: Date) => Promise<void>): Promise<void> {
    if (this.known.has(id)) return;
    const startedAt = new Date();
    try {
      await run(startedAt);
    } catch (error) {
      const isFinal = error instanceof RunFailure || (error instanceof AppError && error.definition.status < 500);
      if (!isFinal && !(error instanceof RetryableStepError)) throw error;
      await this.#save(this.database.manager, id, startedAt, { error: messageOf(error) });
      const named = `${id}: ${error.message}`;
      throw isFinal ? new RunFailure(named) : new RetryableStepError(named);
    }
  }

  #result(manager: EntityManager, executor: BlockExecutor, { id, input }: ActionBlock): Promise<object> {
    const given = executor.needsSession ? this.#withSession(input) : input;
    return executor.run({
      orgId: this.run.org_id,
      manager,
      key: `${this.run.id}.${id}`,
      input: validated(this.#resolveInput(given, executor), executor.input),
      signal: this.signal,
    });
  }

  #withSession(input: ActionBlock['input']): object {
    const trigger = this.known.get('trigger') as { session_id?: unknown } | null;
    const session_id = input['session_id'] ?? trigger?.session_id;
    if (session_id !== undefined) return { ...input, session_id };
    throw new RunFailure('session_id is in neither its input nor the trigger.');
  }

  #resolveInput(input: object, { htmlFields = [] }: BlockExecutor): object {
    const html = Object.entries(input).filter(([name]) => htmlFields.includes(name));
    const escaped = this.#resolve(Object.fromEntries(html), escapeHtml);
    return { ...(this.#resolve(input) as object), ...(escaped as object) };
  }

  #resolve(value: unknown, escape?: (text: string) => string): unknown {
    const resolved = resolveReferences(value, Object.fromEntries(this.known), escape);
    if (resolved !== undefined) return resolved.value;
    throw new RunFailure(`its input has more than ${RESOLVED_CHARACTERS_MAX} characters.`);
  }

  async #complete(manager: EntityManager, id: string, startedAt: Date, result: object): Promise<void> {
    if (JSON.stringify(result).length > RESULT_CHARACTERS_MAX) {
      throw new RunFailure(`its result has more than ${RESULT_CHARACTERS_MAX} characters.`);
    }
    const isSaved = await this.#save(manager, id, startedAt, { result });
    if (!isSaved) throw new Error('Another execution has completed the step.');
    this.known.set(id, result);
  }

  /** @returns false if the step is completed already */
  async #save(
    manager: EntityManager,
    id: string,
    startedAt: Date,
    { result = null, error = null }: Partial<Pick<WorkflowRunStep, 'result' | 'error'>>,
  ): Promise<boolean> {
    const { org_id, id: run_id } = this.run;
    const step = [this.known.size, result, error, startedAt, new Date()];
    const rows = (await manager.query(SAVE, [org_id, run_id, id, ...step])) as object[];
    return rows.length > 0;
  }
}

import type { EntityManager } from 'typeorm';
import type { FieldProblem } from '../../../core/errors/app-error.js';
import { unknownIds } from '../../../kit/crud/unknown-ids.js';
import { type ActionType, type Block, blocksInOrder } from './block.js';
import type { BlockExecutor, BlockTable } from './blocks/block-executor.js';
import { referencesIn } from './references.js';

type NamedRows = Readonly<Record<ActionType, Pick<BlockExecutor, 'namedRows'>>>;

const NOUNS: Readonly<Record<BlockTable, string>> = {
  actions: 'an action',
  chat_sessions: 'a chat session',
  teams: 'a team',
};

interface NamedId {
  readonly field: string;
  readonly table: BlockTable;
  /** In lower case. */
  readonly id: string;
}

/** Returns the ids of actions in blocks, each once. */
export function actionsIn(blocks: readonly Block[], rules: NamedRows): string[] {
  const ids = idsIn(blocks, rules).filter(({ table }) => table === 'actions');
  return [...new Set(ids.map(({ id }) => id))];
}

/** Values of references are known only when the step runs. */
function idsIn(blocks: readonly Block[], rules: NamedRows): NamedId[] {
  return blocksInOrder(blocks, 'workflow_blocks').flatMap(({ block, path }) => {
    if (block.kind === 'if_else') return [];
    return Object.entries(rules[block.type].namedRows ?? {}).flatMap(([field, table]) => {
      const id = block.input[field];
      if (typeof id !== 'string' || referencesIn(id).length > 0) return [];
      return [{ field: `${path}.input.${field}`, table, id: id.toLowerCase() }];
    });
  });
}

/** Reports ids in blocks that belong to no row of the org. */
export async function validateIds(
  manager: EntityManager,
  orgId: string,
  blocks: readonly Block[],
  rules: NamedRows,
): Promise<FieldProblem[]> {
  const named = idsIn(blocks, rules);
  const problems: FieldProblem[] = [];
  for (const table of new Set(named.map((each) => each.table))) {
    const ofTable = named.filter((each) => each.table === table);
    const ids = ofTable.map(({ id }) => id);
    const unknown = new Set(await unknownIds(manager, table, orgId, ids));
    for (const { field, id } of ofTable) {
      if (unknown.has(id))
        problems.push({ field, message: `${field} is not the id of ${NOUNS[table]} of this organization` });
    }
  }
  return problems;
}

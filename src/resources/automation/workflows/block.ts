import { ANY_OBJECT, listOf, oneOf, type Schema } from '../../../core/wire/schema.js';
import { type Condition, OPERATORS } from './condition.js';

export const ACTION_TYPES = ['call_action', 'add_tag', 'assign_team', 'send_email', 'handoff'] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

/** Includes the blocks in branches. */
export const BLOCKS_MAX = 200;
/** Limit of nested branches. Each takes two levels of JSON. */
export const DEPTH_MAX = 10;

/** Performs one action. */
export interface ActionBlock {
  readonly kind: 'action';
  readonly id: string;
  readonly type: ActionType;
  readonly name: string;
  /** The fields depend on the type. Values can contain references. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Continues with one of two branches. */
export interface IfElseBlock {
  readonly kind: 'if_else';
  readonly id: string;
  readonly condition: Condition;
  readonly then: readonly Block[];
  readonly else: readonly Block[];
}

export type Block = ActionBlock | IfElseBlock;

const ID: Schema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: 'Unique in the workflow; `{{id.field}}` refers to what came of it.',
};
const ACTION: Schema = {
  type: 'object',
  required: ['kind', 'id', 'type', 'name', 'input'],
  properties: {
    kind: oneOf(['action']),
    id: ID,
    type: oneOf(ACTION_TYPES),
    name: { type: 'string', minLength: 1, maxLength: 200 },
    input: {
      ...ANY_OBJECT,
      description: 'What its type takes; texts may hold `{{trigger.field}}` and `{{id.field}}`.',
    },
  },
  additionalProperties: false,
};
/** Blocks, described in words: some OpenAPI tools cannot handle recursive schemas. */
const BRANCH: Schema = { ...listOf(ANY_OBJECT), description: 'Blocks.' };
const IF_ELSE: Schema = {
  type: 'object',
  required: ['kind', 'id', 'condition', 'then', 'else'],
  properties: {
    kind: oneOf(['if_else']),
    id: ID,
    condition: {
      type: 'object',
      required: ['operator', 'left'],
      properties: { operator: oneOf(OPERATORS), left: {}, right: { description: 'Left out for `exists`.' } },
      additionalProperties: false,
    },
    then: BRANCH,
    else: BRANCH,
  },
  additionalProperties: false,
};
export const BLOCKS: Schema = { ...listOf({ anyOf: [ACTION, IF_ELSE] }), maxItems: BLOCKS_MAX };

/** Lists all blocks, nested ones too, in document order: a block can refer to earlier ones. */
export function blocksInOrder(blocks: readonly Block[], path: string): { block: Block; path: string }[] {
  return blocks.flatMap((block, index) => {
    const here = { block, path: `${path}.${index}` };
    if (block.kind === 'action') return [here];
    return [here, ...blocksInOrder(block.then, `${here.path}.then`), ...blocksInOrder(block.else, `${here.path}.else`)];
  });
}

import type { FieldProblem } from '../../../core/errors/app-error.js';
import { ACTION_TYPES, BLOCKS_MAX, DEPTH_MAX } from './block.js';
import { OPERATORS } from './condition.js';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const NAME_CHARACTERS_MAX = 200;
const FIELDS = {
  action: ['kind', 'id', 'type', 'name', 'input'],
  if_else: ['kind', 'id', 'condition', 'then', 'else'],
} as const;

/** Validates the shape of blocks. @returns one problem per invalid field, with its path */
export function validateBlocks(blocks: readonly unknown[], path: string): FieldProblem[] {
  const validator = new BlockValidator();
  validator.list(blocks, path, 1);
  return validator.problems;
}

class BlockValidator {
  readonly problems: FieldProblem[] = [];
  readonly #ids = new Set<string>();
  #count = 0;

  list(blocks: unknown, path: string, depth: number): void {
    if (!Array.isArray(blocks)) return this.#report(path, 'must be a list of blocks');
    if (depth > DEPTH_MAX && blocks.length > 0) return this.#report(path, `is nested deeper than ${DEPTH_MAX} levels`);
    for (const [index, block] of blocks.entries()) {
      this.#count++;
      if (this.#count === BLOCKS_MAX + 1) this.#report(path, `has more than ${BLOCKS_MAX} blocks in all`);
      if (this.#count > BLOCKS_MAX) return;
      this.#block(block, `${path}.${index}`, depth);
    }
  }

  #block(block: unknown, path: string, depth: number): void {
    if (!isObject(block)) return this.#report(path, 'must be an object');
    const { kind } = block;
    if (kind !== 'action' && kind !== 'if_else') return this.#report(`${path}.kind`, 'must be action or if_else');
    this.#known(block, FIELDS[kind], path);
    this.#id(block['id'], `${path}.id`);
    if (kind === 'action') return this.#action(block, path);
    this.#condition(block['condition'], `${path}.condition`);
    this.list(block['then'], `${path}.then`, depth + 1);
    this.list(block['else'], `${path}.else`, depth + 1);
  }

  #action({ type, name, input }: Record<string, unknown>, path: string): void {
    if (!(ACTION_TYPES as readonly unknown[]).includes(type)) {
      this.#report(`${path}.type`, `must be one of: ${ACTION_TYPES.join(', ')}`);
    }
    if (typeof name !== 'string' || name === '' || name.length > NAME_CHARACTERS_MAX) {
      this.#report(`${path}.name`, `must be a text of 1 to ${NAME_CHARACTERS_MAX} characters`);
    }
    if (!isObject(input)) this.#report(`${path}.input`, 'must be an object');
  }

  #id(id: unknown, path: string): void {
    if (typeof id !== 'string' || !ID.test(id)) {
      return this.#report(path, 'must be 1 to 64 letters, digits, dashes and underscores');
    }
    if (id === 'trigger') return this.#report(path, 'must not be trigger: the name is reserved for the trigger');
    if (this.#ids.has(id)) this.#report(path, 'must be unique in the workflow');
    this.#ids.add(id);
  }

  #condition(condition: unknown, path: string): void {
    if (!isObject(condition)) return this.#report(path, 'must be an object');
    this.#known(condition, ['operator', 'left', 'right'], path);
    const { operator, left, right } = condition;
    if (!(OPERATORS as readonly unknown[]).includes(operator)) {
      return this.#report(`${path}.operator`, `must be one of: ${OPERATORS.join(', ')}`);
    }
    if (left === undefined) this.#report(`${path}.left`, 'is required');
    if (right === undefined && operator !== 'exists') this.#report(`${path}.right`, 'is required');
  }

  #known(object: object, fields: readonly string[], path: string): void {
    for (const field of Object.keys(object)) {
      if (!fields.includes(field)) this.#report(`${path}.${field}`, 'is not a known field');
    }
  }

  #report(field: string, sentence: string): void {
    this.problems.push({ field, message: `${field} ${sentence}` });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { FieldProblem } from '../../../core/errors/app-error.js';
import { validateDto } from '../../../core/validation/request.pipe.js';
import { type ActionBlock, type ActionType, type Block, blocksInOrder } from './block.js';
import type { BlockExecutor } from './blocks/block-executor.js';
import { referencesIn } from './references.js';
import { canHaveSession, type TriggerType } from './triggers.js';

type Rules = Readonly<Record<ActionType, Pick<BlockExecutor, 'input' | 'needsSession'>>>;
const PATH = 'workflow_blocks';

/** Checks whether well-formed blocks can run with a trigger: references, inputs and the session. */
export function validateActivation(blocks: readonly Block[], trigger: TriggerType, rules: Rules): FieldProblem[] {
  if (blocks.length === 0) return [problem(PATH, 'must not be empty')];
  const earlier = new Set(['trigger']);
  return blocksInOrder(blocks, PATH).flatMap(({ block, path }) => {
    if (block.kind === 'if_else') {
      return ['left' as const, 'right' as const].flatMap((side) =>
        validateReferences(block.condition[side], `${path}.condition.${side}`, earlier),
      );
    }
    const problems = [
      ...validateReferences(block.input, `${path}.input`, earlier),
      ...validateInput(block, path, trigger, rules),
    ];
    earlier.add(block.id);
    return problems;
  });
}

function validateReferences(value: unknown, path: string, earlier: ReadonlySet<string>): FieldProblem[] {
  return referencesIn(value).flatMap(({ text, source }) => {
    if (source === undefined) return [problem(path, `has ${text}, which is not a reference to a field`)];
    return earlier.has(source) ? [] : [problem(path, `has ${text}, which does not refer to an earlier action`)];
  });
}

function validateInput({ type, input }: ActionBlock, path: string, trigger: TriggerType, rules: Rules) {
  const rule = rules[type];
  const answer = validateDto(input, rule.input, `${path}.input`);
  // Values of references are validated when the step runs.
  const isKnown = ({ field }: FieldProblem) =>
    referencesIn(valueAt(input, field.slice(`${path}.input.`.length))).length === 0;
  const problems = 'problems' in answer ? answer.problems.filter(isKnown) : [];
  if (rule.needsSession && input['session_id'] === undefined && !canHaveSession(trigger)) {
    problems.push(problem(`${path}.input.session_id`, `is required: ${trigger} has no session`));
  }
  return problems;
}

function valueAt(input: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }, input);
}

function problem(field: string, sentence: string): FieldProblem {
  return { field, message: `${field} ${sentence}` };
}

import { describe, expect, it } from 'vitest';
import { BLOCKS_MAX, DEPTH_MAX } from './block.js';
import { validateBlocks } from './validate-blocks.js';

const action = (id: string, more: object = {}) => ({
  kind: 'action',
  id,
  type: 'add_tag',
  name: 'Tag it',
  input: { tag_name: 'vip' },
  ...more,
});
const ifElse = (id: string, then: unknown[], more: object = {}) => ({
  kind: 'if_else',
  id,
  condition: { operator: 'exists', left: '{{trigger.x}}' },
  then,
  else: [],
  ...more,
});
const messagesOf = (blocks: unknown[]) => validateBlocks(blocks, 'blocks').map(({ message }) => message);

describe('validateBlocks', () => {
  it('accepts valid blocks', () => {
    const decided = ifElse('d', [action('b'), ifElse('e', [])], {
      condition: { operator: 'eq', left: null, right: [] },
      else: [action('c')],
    });
    expect(messagesOf([action('a'), decided])).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['a text', 'x', ['blocks.0 must be an object']],
    ['a list', [], ['blocks.0 must be an object']],
    ['no kind', {}, ['blocks.0.kind must be action or if_else']],
    [
      'nothing but its kind',
      { kind: 'action' },
      [
        'blocks.0.id must be 1 to 64 letters, digits, dashes and underscores',
        'blocks.0.type must be one of: call_action, add_tag, assign_team, send_email, handoff',
        'blocks.0.name must be a text of 1 to 200 characters',
        'blocks.0.input must be an object',
      ],
    ],
    ['a field too many', action('a', { colour: 'red' }), ['blocks.0.colour is not a known field']],
    ['a reserved id', action('trigger'), ['blocks.0.id must not be trigger: the name is reserved for the trigger']],
    ['an id with a dot', action('a.b'), ['blocks.0.id must be 1 to 64 letters, digits, dashes and underscores']],
    ['no branches', ifElse('d', [], { then: undefined }), ['blocks.0.then must be a list of blocks']],
    [
      'an unknown operator',
      ifElse('d', [], { condition: { operator: 'like', left: 1, right: 2 } }),
      ['blocks.0.condition.operator must be one of: eq, ne, gt, lt, contains, exists'],
    ],
    ['one side', ifElse('d', [], { condition: { operator: 'eq', left: 1 } }), ['blocks.0.condition.right is required']],
    ['a bad branch', ifElse('d', [action('a', { input: 1 })]), ['blocks.0.then.0.input must be an object']],
  ])('reports the problems of %s', (_what, block, messages) => {
    expect(messagesOf([block])).toEqual(messages);
  });

  it('requires ids that are unique across branches', () => {
    expect(messagesOf([action('a'), ifElse('d', [action('a')])])).toEqual([
      'blocks.1.then.0.id must be unique in the workflow',
    ]);
  });

  it('limits the number of blocks in all branches, and the nesting of branches', () => {
    const many = Array.from({ length: BLOCKS_MAX }, (_, index) => action(`a${index}`));
    expect(messagesOf(many)).toEqual([]);
    expect(messagesOf([ifElse('d', many)])).toEqual([`blocks.0.then has more than ${BLOCKS_MAX} blocks in all`]);
    const nested = (depth: number): unknown => ifElse(`d${depth}`, depth > 1 ? [nested(depth - 1)] : []);
    expect(messagesOf([nested(DEPTH_MAX)])).toEqual([]);
    expect(messagesOf([nested(DEPTH_MAX + 1)])).toEqual([expect.stringContaining('is nested deeper than 10 levels')]);
  });
});

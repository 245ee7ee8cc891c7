import { IsString } from 'class-validator';
import { expect, it } from 'vitest';
import { Optional } from '../../../core/validation/decorators.js';
import type { Block } from './block.js';
import { validateActivation } from './validate-activation.js';
import type { TriggerType } from './triggers.js';

class TagInput {
  @IsString()
  tag_name: string;

  @Optional()
  @IsString()
  session_id?: string;
}
const ON_SESSION = { input: TagInput, needsSession: true };
const RULES = {
  add_tag: ON_SESSION,
  assign_team: ON_SESSION,
  handoff: ON_SESSION,
  call_action: { input: TagInput, needsSession: false },
  send_email: { input: TagInput, needsSession: false },
};

const tag = (id: string, input: object): Block => ({
  kind: 'action',
  id,
  type: 'add_tag',
  name: 'Tag it',
  input: input as Record<string, unknown>,
});
const ifElse = (id: string, left: unknown, then: Block[]): Block => ({
  kind: 'if_else',
  id,
  condition: { operator: 'exists', left },
  then,
  else: [],
});

it.each<[string, Block[], TriggerType, string[]]>([
  ['no blocks', [], 'webhook', ['workflow_blocks must not be empty']],
  ['what its rules take', [tag('a', { tag_name: 'vip' })], 'webhook', []],
  ['a reference in place of a value', [tag('a', { tag_name: '{{trigger.tag}}' })], 'webhook', []],
  [
    'a missing field',
    [ifElse('d', 1, [tag('a', {})])],
    'webhook',
    ['workflow_blocks.0.then.0.input.tag_name is required'],
  ],
  [
    'an unknown field, also with a reference',
    [tag('a', { tag_name: 'vip', colour: 'red' })],
    'webhook',
    ['workflow_blocks.0.input.colour is not a known field'],
  ],
  [
    'a later block',
    [tag('a', { tag_name: '{{b.tags}}' }), tag('b', { tag_name: '{{a.tags}}' })],
    'webhook',
    ['workflow_blocks.0.input has {{b.tags}}, which does not refer to an earlier action'],
  ],
  [
    'a decision, and itself',
    [ifElse('d', '{{d.is_met}}', [])],
    'webhook',
    ['workflow_blocks.0.condition.left has {{d.is_met}}, which does not refer to an earlier action'],
  ],
  [
    'no field',
    [tag('a', { tag_name: '{{trigger}}' })],
    'webhook',
    ['workflow_blocks.0.input has {{trigger}}, which is not a reference to a field'],
  ],
  [
    'a trigger without a session',
    [tag('a', { tag_name: 'vip' }), tag('b', { tag_name: 'vip', session_id: '{{trigger.x}}' })],
    'contact-created',
    ['workflow_blocks.0.input.session_id is required: contact-created has no session'],
  ],
])('activation checks %s', (_what, blocks, trigger, messages) => {
  expect(validateActivation(blocks, trigger, RULES).map(({ message }) => message)).toEqual(messages);
});

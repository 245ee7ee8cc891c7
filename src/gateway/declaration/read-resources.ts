import { quoteInput } from '../../core/errors/quote-input.js';
import { fieldIn, fieldsOf, itemsOf, nameOf, textOf } from './document-fields.js';
import type { Faults } from './faults.js';
import { DESCRIPTION_CHARACTERS_MAX, LABEL_CHARACTERS_MAX } from './name-limits.js';
import type { ServiceResource } from './service-declaration.js';
import type { YamlNode } from './yaml-document.js';

const FIELDS = ['label', 'description', 'actions'];
const REQUIRED = ['label', 'actions'];
const RESOURCES_MAX = 1_000;
const ACTIONS_MAX = 50;
/** Names of resources and actions. */
export const SCOPE_WORD = /^[a-z][a-z0-9_-]{0,30}$/;
const WORD_RULE = 'must have 1 to 31 of a-z, 0-9, "_" and "-", beginning with a letter';

export function readResources(node: YamlNode, faults: Faults): readonly ServiceResource[] {
  const fields = [...(fieldsOf(node, 'resources', faults, undefined) ?? [])];
  const [, beyond] = fields[RESOURCES_MAX] ?? [];
  if (beyond) {
    const sentence = `A service has at most ${RESOURCES_MAX} resources; ${fields.length} are declared.`;
    faults.add(beyond.key.at, 'resources', sentence);
  }
  return fields.map(([name, { key, value }]) => {
    if (!SCOPE_WORD.test(name)) {
      const sentence = `${quoteInput(name)} can't be the name of a resource: it ${WORD_RULE}.`;
      faults.add(key.at, fieldIn('resources', name), sentence);
    }
    return resourceOf(name, key, value, faults);
  });
}

function resourceOf(name: string, key: YamlNode, node: YamlNode, faults: Faults): ServiceResource {
  const field = fieldIn('resources', name);
  const fields = fieldsOf(node, field, faults, FIELDS);
  if (fields) {
    for (const required of REQUIRED) {
      if (!fields.has(required)) faults.add(key.at, `${field}.${required}`, `${field}.${required} is missing.`);
    }
  }
  const [label, description, actions] = FIELDS.map((each) => fields?.get(each)?.value);
  return {
    name,
    label: label ? nameOf(label, `${field}.label`, LABEL_CHARACTERS_MAX, faults) : '',
    description: description ? nameOf(description, `${field}.description`, DESCRIPTION_CHARACTERS_MAX, faults) : '',
    actions: actions ? actionsOf(actions, `${field}.actions`, faults) : [],
  };
}

function actionsOf(node: YamlNode, field: string, faults: Faults): readonly string[] {
  const items = itemsOf(node, field, 'actions such as [read, write]', faults);
  if (node.kind === 'list' && items.length === 0) {
    faults.add(node.at, field, `${field} must name at least one action, for example [read, write].`);
  }
  if (items.length > ACTIONS_MAX) faults.add(node.at, field, `${field} must name at most ${ACTIONS_MAX} actions.`);
  const actions = new Set<string>();
  for (const item of items.slice(0, ACTIONS_MAX)) {
    const action = textOf(item);
    if (action === undefined || !SCOPE_WORD.test(action)) {
      const shown = item.kind === 'text' ? quoteInput(item.value) : `An item of ${field}`;
      faults.add(item.at, field, `${shown} can't be an action: it ${WORD_RULE}.`);
    } else if (actions.has(action)) {
      faults.add(item.at, field, `The action ${action} occurs twice. Remove one of them.`);
    } else {
      actions.add(action);
    }
  }
  return [...actions];
}

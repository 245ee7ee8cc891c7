import { quoteInput } from '../../core/errors/quote-input.js';
import { canonicalName, isName } from '../../core/validation/name.js';
import { isAtMost } from '../../core/validation/text-length.js';
import type { Faults } from './faults.js';
import type { YamlNode } from './yaml-document.js';

/** By the core schema of YAML 1.2. */
const NOT_TEXT =
  /^(?:|~|null|true|false|[-+]?(?:0o[0-7]+|0x[\da-f]+|\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|\.inf)|\.nan)$/i;

/** More than any object needs. */
const FIELDS_MAX = 10_000;
const LISTS = new Intl.ListFormat('en');

/** The fields of an object, each once. */
export type Fields = ReadonlyMap<string, { readonly key: YamlNode; readonly value: YamlNode }>;

/**
 * @param known the allowed names; undefined: any
 * @returns undefined, with a fault, if the node isn't an object
 */
export function fieldsOf(
  node: YamlNode,
  field: string,
  faults: Faults,
  known: readonly string[] | undefined,
): Fields | undefined {
  if (node.kind !== 'map') {
    faults.add(node.at, field, `${field} must be ${known ? `an object with ${listOf(known)}` : 'an object'}.`);
    return undefined;
  }
  if (node.entries.length > FIELDS_MAX) {
    faults.add(
      node.at,
      field,
      `${field} has ${node.entries.length} fields, and ${FIELDS_MAX} are the most to be read.`,
    );
    return undefined;
  }
  const fields = new Map<string, { key: YamlNode; value: YamlNode }>();
  for (const { key, value } of node.entries) {
    const name = key.kind === 'text' ? key.value : undefined;
    if (name === undefined) {
      faults.add(key.at, field, `The name of a field of ${field} must be text.`);
    } else if (known && !known.includes(name)) {
      const sentence = `${quoteInput(name)} is not a field of ${field}. The fields are ${listOf(known)}.`;
      faults.add(key.at, fieldIn(field, name), sentence);
    } else if (fields.has(name)) {
      faults.add(key.at, fieldIn(field, name), `${quoteInput(name)} occurs twice. Remove one of them.`);
    } else {
      fields.set(name, { key, value });
    }
  }
  return fields;
}

export function textOf(node: YamlNode): string | undefined {
  return node.kind === 'text' && !(node.isPlain && isNotText(node.value)) ? node.value : undefined;
}

/** Whether YAML reads a plain scalar as null, a boolean or a number. */
export function isNotText(scalar: string): boolean {
  return NOT_TEXT.test(scalar);
}

/** Reads a text for people, by the rules of `nameFrom`. */
export function nameOf(node: YamlNode, field: string, max: number, faults: Faults): string {
  const text = textOf(node);
  if (text !== undefined) return nameFrom(text, node.at, field, max, faults);
  faults.add(node.at, field, `${field} must be text. Put quotes around it if it is a number, true, false or null.`);
  return '';
}

/** Makes a text canonical, as the server keeps names: one line, trimmed, in NFC. */
export function nameFrom(text: string, at: number, field: string, max: number, faults: Faults): string {
  const name = canonicalName(text, max);
  if (!isAtMost(name, max)) {
    faults.add(at, field, `${field} must have at most ${max} characters.`);
  } else if (!isName(name) || !name.isWellFormed()) {
    faults.add(at, field, `${field} must be one line of text with at least one visible character.`);
  }
  return name;
}

/** Reads a list. A fault gives an empty one. */
export function itemsOf(node: YamlNode, field: string, of: string, faults: Faults): readonly YamlNode[] {
  if (node.kind === 'list') return node.items;
  faults.add(node.at, field, `${field} must be a list of ${of}.`);
  return [];
}

/** `document` is the whole, whose fields have no prefix. */
export function fieldIn(field: string, name: string): string {
  return field === 'document' ? name : `${field}.${name}`;
}

export function listOf(names: readonly string[]): string {
  return LISTS.format(names);
}

import { trimEnd } from '../../core/validation/trim-end.js';
import { textOf } from './document-fields.js';
import type { Faults } from './faults.js';
import type { YamlNode } from './yaml-document.js';

const CHARACTERS_MAX = 500;
const SENTENCE =
  'url must be an http or https URL without credentials, query and fragment, for example https://api.example.com.';

/** Reads the address of a service. Returns it without a slash at its end; undefined, with a fault, if it is none. */
export function readUrl(node: YamlNode, faults: Faults): string | undefined {
  const text = textOf(node);
  const url = text !== undefined && text.length <= CHARACTERS_MAX && !/[?#\s]/.test(text) ? URL.parse(text) : null;
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isAddress) return trimEnd(url.href, '/');
  faults.add(node.at, 'url', SENTENCE);
  return undefined;
}

import { METHODS } from 'node:http';
import { quoteInput } from '../../core/errors/quote-input.js';
import { listOf } from './document-fields.js';

/** CONNECT has no path, and TRACE would show the credentials of a request. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS.filter((each) => each !== 'CONNECT' && each !== 'TRACE'));
/** The methods of `ANY`. HEAD follows GET. */
export const ANY_METHOD = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** @returns what is wrong with the name of a method, and what would be right; undefined: nothing */
export function validateMethod(method: string): string | undefined {
  if (method === 'ANY' || KNOWN_METHODS.has(method)) return undefined;
  const quoted = quoteInput(method);
  if (method === '*') return `${quoted} is not a method. Write ANY for ${listOf(ANY_METHOD)}.`;
  if (/\s/.test(method)) return `Separate methods by commas: ${quoteInput(method.split(/\s+/).join(','))}.`;
  const upper = method.toUpperCase();
  if (upper === 'ANY' || KNOWN_METHODS.has(upper)) return `Write the method ${quoted} in upper case: ${upper}.`;
  if (upper === 'CONNECT' || upper === 'TRACE') return `${upper} requests have no routes. Remove the method.`;
  return `${quoted} is not a method. Write one such as GET or POST, several with commas, or ANY.`;
}

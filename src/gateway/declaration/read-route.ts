import { quoteInput } from '../../core/errors/quote-input.js';
import { validateTemplate } from '../routes/validate-template.js';
import { fieldsOf, listOf, nameFrom, nameOf, textOf } from './document-fields.js';
import type { Faults } from './faults.js';
import { DESCRIPTION_CHARACTERS_MAX } from './name-limits.js';
import { ANY_METHOD, validateMethod } from './route-methods.js';
import type { ServiceRoute } from './service-declaration.js';
import type { YamlNode } from './yaml-document.js';

const FIELDS = ['methods', 'path', 'needs', 'reason'];
const REQUIRED = ['methods', 'path', 'needs'];
const EXAMPLE = 'Write METHODS PATH NEED, for example "GET /invoices invoices:read"';
/** More than there are. */
const METHODS_MAX = 50;
const REASON_RULE = 'A public route says why: public (health page)';
/** The parts of a route, as the document has them. */
interface RouteParts {
  readonly methods: Part<string[]>;
  readonly path: Part<string>;
  readonly needs: Part<string>;
  readonly reason?: YamlNode;
}
interface Part<Value> {
  readonly value: Value;
  readonly at: number;
}

/**
 * Reads a route from its line, or from an object.
 * @param field `routes[0]`
 * @param scopes the actions of each resource; none: they are faulty
 * @returns undefined, with faults, if it is faulty
 */
export function readRoute(
  node: YamlNode,
  field: string,
  scopes: ReadonlyMap<string, readonly string[]>,
  faults: Faults,
): ServiceRoute | undefined {
  const parts = node.kind === 'map' ? partsOfObject(node, field, faults) : partsOfLine(node, field, faults);
  if (!parts) return undefined;
  const methods = methodsOf(parts.methods, field, faults);
  const problem = validateTemplate(parts.path.value);
  if (problem !== undefined) faults.add(parts.path.at, field, problem);
  const need = needOf(parts, field, scopes, faults);
  if (!methods || problem !== undefined || !need) return undefined;
  return { methods, path: parts.path.value, ...need };
}

function partsOfLine(node: YamlNode, field: string, faults: Faults): RouteParts | undefined {
  const line = textOf(node);
  if (line === undefined) {
    faults.add(node.at, field, `A route is one line of text, or an object with ${listOf(FIELDS)}. ${EXAMPLE}.`);
    return undefined;
  }
  const words = line.trim().split(/\s+/);
  const pathAt = words.findIndex((word) => word.startsWith('/'));
  const [methods, path, needs] = [words.slice(0, pathAt), words[pathAt], words.slice(pathAt + 1)];
  const missing =
    path === undefined ? 'no path' : pathAt === 0 ? 'no method' : needs.length === 0 ? 'no need' : undefined;
  if (path === undefined || missing !== undefined) {
    faults.add(node.at, field, `${quoteInput(line)} has ${missing}. ${EXAMPLE}.`);
    return undefined;
  }
  const { at } = node;
  return {
    methods: { value: methods.join(' ').split(','), at },
    path: { value: path, at },
    needs: { value: needs.join(' '), at },
  };
}

function partsOfObject(node: YamlNode, field: string, faults: Faults): RouteParts | undefined {
  const first = node.kind === 'map' ? node.entries[0]?.key : undefined;
  if (first?.kind === 'text' && /\s\//.test(first.value)) {
    const sentence = 'YAML reads this line as an object because of ": " in it. Put quotes around the whole route.';
    faults.add(node.at, field, sentence);
    return undefined;
  }
  const fields = fieldsOf(node, field, faults, FIELDS);
  const missing = REQUIRED.filter((name) => !fields?.has(name));
  if (missing.length > 0) faults.add(node.at, field, `${field} lacks ${listOf(missing)}.`);
  const text = (name: string): Part<string> | undefined => {
    const value = fields?.get(name)?.value;
    const read = value && textOf(value);
    if (value && read === undefined) faults.add(value.at, field, `${name} of a route must be text.`);
    return value && read !== undefined ? { value: read, at: value.at } : undefined;
  };
  const list = fields?.get('methods')?.value;
  const methods = list && methodsIn(list, field, faults);
  const [path, needs, reason] = [text('path'), text('needs'), fields?.get('reason')?.value];
  return methods && path && needs ? { methods, path, needs, ...(reason && { reason }) } : undefined;
}

function methodsIn(node: YamlNode, field: string, faults: Faults): Part<string[]> | undefined {
  const items = node.kind === 'list' ? node.items : [node];
  const methods = items.map(textOf).filter((each) => each !== undefined);
  if (methods.length === items.length && items.length > 0) return { value: methods, at: node.at };
  faults.add(node.at, field, 'methods of a route must be a list such as [GET, POST].');
  return undefined;
}

function methodsOf({ value, at }: Part<string[]>, field: string, faults: Faults): string[] | undefined {
  if (value.length > METHODS_MAX) {
    faults.add(at, field, `A route has at most ${METHODS_MAX} methods; ${value.length} are listed.`);
    return undefined;
  }
  const methods = value.map((each) => each.trim());
  const problems = methods.flatMap((method, index) => {
    if (methods.indexOf(method) !== index)
      return [`The method ${quoteInput(method)} occurs twice. Remove one of them.`];
    const problem = validateMethod(method);
    return problem === undefined ? [] : [problem];
  });
  for (const problem of problems) faults.add(at, field, problem);
  if (problems.length > 0) return undefined;
  return [...new Set(methods.flatMap((method) => (method === 'ANY' ? ANY_METHOD : [method])))];
}

function needOf(
  { needs: { value, at }, reason: node }: RouteParts,
  field: string,
  scopes: ReadonlyMap<string, readonly string[]>,
  faults: Faults,
): Pick<ServiceRoute, 'needs' | 'reason'> | undefined {
  const text = value.trim();
  const bracket = text.indexOf('(');
  const needs = bracket === -1 ? text : text.slice(0, bracket).trimEnd();
  if (bracket !== -1 && !text.endsWith(')')) {
    const sentence =
      'The reason after "public" ends with ")". If it has " #" or ": ", put quotes around the whole route.';
    faults.add(at, field, sentence);
    return undefined;
  }
  const inBrackets = bracket === -1 ? undefined : text.slice(bracket + 1, -1);
  if (needs !== 'public' && (inBrackets !== undefined || node)) {
    faults.add(node?.at ?? at, field, `Only a public route has a reason. Remove it, or write public.`);
    return undefined;
  }
  if (needs === 'public') {
    if (inBrackets === undefined && !node) {
      faults.add(at, field, `${REASON_RULE}.`);
      return undefined;
    }
    const name = `${field}.reason`;
    const reason =
      inBrackets === undefined
        ? nameOf(node!, name, DESCRIPTION_CHARACTERS_MAX, faults)
        : nameFrom(inBrackets, at, name, DESCRIPTION_CHARACTERS_MAX, faults);
    return { needs, reason };
  }
  if (needs === 'any-key') return { needs };
  const problem = validateScope(needs, scopes);
  if (problem === undefined) return { needs };
  faults.add(at, field, problem);
  return undefined;
}

function validateScope(scope: string, scopes: ReadonlyMap<string, readonly string[]>): string | undefined {
  const [resource = '', action, ...rest] = scope.split(':');
  const quoted = quoteInput(scope);
  if (action === undefined || rest.length > 0) {
    return `A route needs a scope such as invoices:read, any-key, or public (reason); ${quoted} is none of them.`;
  }
  const actions = scopes.get(resource);
  if (!actions) return `Unknown scope ${quoted}: no resource ${quoteInput(resource)} is declared under resources.`;
  // The fault of the actions is enough.
  if (actions.length === 0 || actions.includes(action)) return undefined;
  return `Unknown scope ${quoted}: ${resource} has ${listOf(actions.slice(0, 10))} only. Add the action, or use one of them.`;
}

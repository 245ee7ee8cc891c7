import { invalidField } from '../../core/errors/invalid-request.js';
import { isObject, isText, objectOr, type Json } from '../../kit/openapi-document/json-values.js';
import { fieldsOf, readOpenApi } from '../../kit/openapi-document/openapi-document.js';
import { OpenApiFault } from '../../kit/openapi-document/openapi-fault.js';
import { resolved } from '../../kit/openapi-document/openapi-references.js';
import { LABEL_CHARACTERS_MAX } from './name-limits.js';
import { readDeclaration } from './read-declaration.js';
import { renderDeclaration } from './render-declaration.js';
import type { ServiceDeclaration, ServiceResource, ServiceRoute } from './service-declaration.js';
import { routeConflicts } from '../routes/route-table.js';
import { basePathOf, templateOf } from './openapi-path.js';
import { needOf, type Operation } from './openapi-need.js';
import { descriptionOf, ResourceNames, shortened } from './openapi-names.js';

const MEBIBYTES_MAX = 16;
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace'];
const UNPLACED_SHOWN_MAX = 1_000;
/** Others follow in order of their first use. */
const FIRST_ACTIONS = ['read', 'write'];

/** An operation that one route stands for, or why none does. */
type Placed = { readonly route: ServiceRoute } | { readonly problem: string };

/**
 * Makes the declaration of a service from its OpenAPI document. Paths get the base path of their server in front, because
 * this is how requests arrive. Scopes come from `x-scope`, OAuth2 scopes, or tags and paths (`needOf`).
 * @param text JSON or YAML of OpenAPI 2.0, 3.0 or 3.1
 * @param service the slug
 * @returns the declaration as YAML, for people to edit, and the operations that no route stands for, each with the reason
 * @throws AppError invalid_request (400)
 */
export function declarationFromOpenApi(
  text: string,
  service: string,
): { document: string; unplaced: readonly string[] } {
  const openapi = readDocument(text);
  const names = new ResourceNames(openapi['tags']);
  const unplaced: string[] = [];
  const routes: ServiceRoute[] = [];
  for (const from of operationsOf(openapi, unplaced)) {
    const placed =
      from.method === 'TRACE' ? { problem: 'has no route, because TRACE is never let through.' } : place(from, names);
    if ('route' in placed) routes.push(placed.route);
    else unplaced.push(`${from.method} ${from.path} ${placed.problem}`);
  }
  if (routes.length === 0 && unplaced.length === 0) throw invalidField('openapi', 'The document has no operations.');
  const kept = withoutConflicts(routes, unplaced);
  const { title, summary, description } = objectOr(openapi['info']);
  const declaration: ServiceDeclaration = {
    service,
    label: shortened(title, LABEL_CHARACTERS_MAX) || service,
    description: descriptionOf(summary) || descriptionOf(description),
    full_access: 'existing',
    resources: resourcesOf(kept, names),
    routes: joined(kept),
  };
  const document = renderDeclaration(declaration, commentsFor(openapi, unplaced));
  // Faults, such as too many routes, are told now.
  readDeclaration(document);
  return { document, unplaced };
}

function readDocument(text: string): Json {
  if (Buffer.byteLength(text) > MEBIBYTES_MAX * 1024 * 1024) {
    throw invalidField('openapi', `The document must have at most ${MEBIBYTES_MAX} MiB.`);
  }
  try {
    return readOpenApi(text);
  } catch (error) {
    if (!(error instanceof OpenApiFault)) throw error;
    throw invalidField('openapi', `${error.message}.`);
  }
}

function operationsOf(document: Json, unplaced: string[]): Operation[] {
  return fieldsOf(document['paths']).flatMap(([path, found]) => {
    try {
      const item = resolved({ document, where: path }, found);
      return METHODS.flatMap((name): Operation[] => {
        const operation = item[name];
        return isObject(operation) ? [{ method: name.toUpperCase(), path, operation, item, document }] : [];
      });
    } catch (error) {
      if (!(error instanceof OpenApiFault)) throw error;
      unplaced.push(`${error.message}.`);
      return [];
    }
  });
}

function place(from: Operation, names: ResourceNames): Placed {
  const { operation, item, document, path, method } = from;
  const read = templateOf(basePathOf([operation, item, document]), path);
  if ('problem' in read) return { problem: `has no route: ${read.problem}` };
  const need = needOf(from, names);
  return 'problem' in need ? need : { route: { methods: [method], path: read.template, ...need } };
}

/** Keeps the first of two routes that match the same paths. The other one is unplaced, unless it needs the same. */
function withoutConflicts(routes: readonly ServiceRoute[], unplaced: string[]): ServiceRoute[] {
  const conflicts = new Map(routeConflicts(routes).map((conflict) => [conflict.index, conflict]));
  for (const { index, earlier, message } of conflicts.values()) {
    const [one, other] = [routes[index]!, routes[earlier]!];
    if (one.needs !== other.needs) unplaced.push(`${one.methods[0]!} ${one.path} needs ${one.needs}: ${message}`);
  }
  return routes.filter((_, index) => !conflicts.has(index));
}

/** Methods of a path with the same need are one route. HEAD follows GET, if it needs the same. */
function joined(routes: readonly ServiceRoute[]): ServiceRoute[] {
  const groups = Map.groupBy(routes, ({ path, needs, reason }) => JSON.stringify([path, needs, reason]));
  return [...groups.values()].map((group) => {
    const methods = group.flatMap((route) => route.methods);
    return { ...group[0]!, methods: methods.filter((method) => method !== 'HEAD' || !methods.includes('GET')) };
  });
}

function resourcesOf(routes: readonly ServiceRoute[], names: ResourceNames): ServiceResource[] {
  const scopes = new Set(routes.map(({ needs }) => needs).filter((needs) => needs.includes(':')));
  const byResource = Map.groupBy(scopes, (scope) => scope.split(':')[0]!);
  return [...byResource].map(([name, own]) => {
    const actions = own.map((scope) => scope.split(':')[1]!);
    const others = actions.filter((action) => !FIRST_ACTIONS.includes(action));
    const ordered = [...FIRST_ACTIONS.filter((action) => actions.includes(action)), ...others];
    return { name, ...names.describe(name), actions: ordered };
  });
}

function commentsFor(openapi: Json, unplaced: readonly string[]): string[] {
  const { title, version } = objectOr(openapi['info']);
  const name = [title, version].filter(isText).map((text) => shortened(text, LABEL_CHARACTERS_MAX));
  const base = basePathOf([openapi]);
  const shown = unplaced.slice(0, UNPLACED_SHOWN_MAX).map((each) => `  ${shortened(each, 500)}`);
  return [
    `Made from the OpenAPI document ${name.join(' ')}.`,
    ...(base === '' ? [] : [`Paths begin with ${base}, the path of its server.`]),
    ...(unplaced.length === 0 ? [] : ['These operations have no route, so their requests are refused:']),
    ...shown,
    ...(unplaced.length > shown.length ? [`  and ${unplaced.length - shown.length} more`] : []),
  ];
}

import { routeConflicts } from '../routes/route-table.js';
import { fieldsOf, itemsOf, listOf, nameOf, textOf } from './document-fields.js';
import { Faults } from './faults.js';
import { DESCRIPTION_CHARACTERS_MAX, LABEL_CHARACTERS_MAX } from './name-limits.js';
import { readResources } from './read-resources.js';
import { readUrl } from './read-url.js';
import { readRoute } from './read-route.js';
import type { ServiceDeclaration, ServiceRoute } from './service-declaration.js';
import { parseYaml, type YamlNode } from './yaml-document.js';

const FIELDS = ['service', 'label', 'description', 'url', 'full_access', 'resources', 'routes'];
const REQUIRED = ['service', 'label'];
const FULL_ACCESS = ['existing', 'all'] as const;
const SLUG = /^[a-z][a-z0-9-]{0,30}$/;
const BYTES_MAX = 4 * 1024 * 1024;
const ROUTES_MAX = 10_000;

/**
 * Reads the declaration of a service.
 * @param text YAML or JSON
 * @throws AppError invalid_request (400) with every fault, each with its line
 */
export function readDeclaration(text: string): ServiceDeclaration {
  const faults = new Faults(text);
  if (Buffer.byteLength(text) > BYTES_MAX) {
    faults.add(0, 'document', `The document must have at most ${BYTES_MAX / 1024 / 1024} MiB.`);
    faults.throwIfAny();
  }
  const { root, faults: ofYaml } = parseYaml(text);
  for (const { at, message } of ofYaml) faults.addUnreadable(at, message);
  if (!root) {
    if (ofYaml.length === 0) faults.add(0, 'document', `The document is empty. It must have ${listOf(REQUIRED)}.`);
    faults.throwIfAny();
  }
  const declaration = declarationIn(root!, faults);
  faults.throwIfAny();
  return declaration;
}

function declarationIn(root: YamlNode, faults: Faults): ServiceDeclaration {
  const fields = fieldsOf(root, 'document', faults, FIELDS);
  for (const name of fields ? REQUIRED : []) {
    if (!fields!.has(name)) faults.add(root.at, name, `${name} is missing.`);
  }
  const read = <Value>(name: string, reader: (node: YamlNode) => Value): Value | undefined => {
    const field = fields?.get(name);
    return field && reader(field.value);
  };
  const resources = read('resources', (node) => readResources(node, faults)) ?? [];
  const scopes = new Map(resources.map(({ name, actions }) => [name, actions]));
  const url = read('url', (node) => readUrl(node, faults));
  return {
    service: read('service', (node) => slugOf(node, faults)) ?? '',
    label: read('label', (node) => nameOf(node, 'label', LABEL_CHARACTERS_MAX, faults)) ?? '',
    description: read('description', (node) => nameOf(node, 'description', DESCRIPTION_CHARACTERS_MAX, faults)) ?? '',
    ...(url !== undefined && { url }),
    full_access: read('full_access', (node) => fullAccessOf(node, faults)) ?? 'existing',
    resources,
    routes: read('routes', (node) => routesOf(node, scopes, faults)) ?? [],
  };
}

function slugOf(node: YamlNode, faults: Faults): string {
  const slug = textOf(node);
  if (slug !== undefined && SLUG.test(slug)) return slug;
  const rule = 'must have 1 to 31 of a-z, 0-9 and "-", beginning with a letter';
  faults.add(node.at, 'service', `service ${rule}, for example billing.`);
  return '';
}

function fullAccessOf(node: YamlNode, faults: Faults): ServiceDeclaration['full_access'] {
  const value = textOf(node);
  const known = FULL_ACCESS.find((each) => each === value);
  if (known) return known;
  const sentence = 'full_access must be existing (older keys with full access do not reach the service) or all.';
  faults.add(node.at, 'full_access', sentence);
  return 'existing';
}

function routesOf(
  node: YamlNode,
  scopes: ReadonlyMap<string, readonly string[]>,
  faults: Faults,
): readonly ServiceRoute[] {
  const items = itemsOf(node, 'routes', 'routes such as "GET /invoices invoices:read"', faults);
  const beyond = items[ROUTES_MAX];
  if (beyond) {
    faults.add(beyond.at, 'routes', `A service has at most ${ROUTES_MAX} routes; ${items.length} are declared.`);
    return [];
  }
  const read = items.flatMap((item, index) => {
    const route = readRoute(item, `routes[${index}]`, scopes, faults);
    return route ? [{ route, index, at: item.at }] : [];
  });
  for (const { index, earlier, message } of routeConflicts(read.map(({ route }) => route))) {
    const [one, other] = [read[index]!, read[earlier]!];
    faults.add(one.at, `routes[${one.index}]`, `${message} The other is in line ${faults.lineOf(other.at)}.`);
  }
  return read.map(({ route }) => route);
}

import { isNotText } from './document-fields.js';
import { ANY_METHOD } from './route-methods.js';
import type { ServiceDeclaration, ServiceResource, ServiceRoute } from './service-declaration.js';

/** Trimmed texts that mean themselves as a value of an object in block style. */
const PLAIN = /^\p{L}[\p{L}\p{N} ._,/'&()+-]*$/u;
/** Characters that YAML doesn't allow as they are, or that editors don't show. */
const ESCAPED = /[\u0085\u2028\u2029\ufeff\ufffe\uffff]/g;
const PATH_COLUMN_MAX = 60;

/**
 * Writes a declaration as YAML for people, with aligned routes. `readDeclaration` reads the same from it.
 * @param comments lines above it
 */
export function renderDeclaration(declaration: ServiceDeclaration, comments: readonly string[] = []): string {
  const { service, label, description, url, full_access: fullAccess, resources, routes } = declaration;
  return [
    ...comments.map((comment) => `# ${comment}`),
    `service: ${scalar(service)}`,
    `label: ${scalar(label)}`,
    ...(description === '' ? [] : [`description: ${scalar(description)}`]),
    ...(url === undefined ? [] : [`url: ${scalar(url)}`]),
    ...(fullAccess === 'all' ? ['full_access: all'] : []),
    ...(resources.length === 0 ? [] : ['', 'resources:', ...resources.flatMap(resourceLines)]),
    ...(routes.length === 0 ? [] : ['', 'routes:', ...routeLines(routes)]),
    '',
  ].join('\n');
}

function resourceLines({ name, label, description, actions }: ServiceResource): string[] {
  return [
    `  ${scalar(name)}:`,
    `    label: ${scalar(label)}`,
    ...(description === '' ? [] : [`    description: ${scalar(description)}`]),
    `    actions: [${actions.map(scalar).join(', ')}]`,
  ];
}

function routeLines(routes: readonly ServiceRoute[]): string[] {
  const methods = routes.map((route) => methodsOf(route));
  const methodsWidth = Math.max(...methods.map(({ length }) => length));
  const pathWidth = Math.min(Math.max(...routes.map(({ path }) => path.length)), PATH_COLUMN_MAX);
  return routes.map((route, index) => {
    const { path, needs, reason } = route;
    if (/\s/.test(path) || (reason !== undefined && /\s\s|[^\S ]/.test(reason))) return objectLine(route);
    const need = reason === undefined ? needs : `${needs} (${reason})`;
    const line = `${methods[index]!.padEnd(methodsWidth)} ${path.padEnd(pathWidth)} ${need}`;
    return `  - ${/: | #|:$/.test(line) ? quoted(line) : line}`;
  });
}

function objectLine({ methods, path, needs, reason }: ServiceRoute): string {
  const fields = [`methods: [${methods.join(', ')}]`, `path: ${quoted(path)}`, `needs: ${quoted(needs)}`];
  if (reason !== undefined) fields.push(`reason: ${quoted(reason)}`);
  return `  - { ${fields.join(', ')} }`;
}

function methodsOf({ methods }: ServiceRoute): string {
  return methods.join(',') === ANY_METHOD.join(',') ? 'ANY' : methods.join(',');
}

function scalar(text: string): string {
  return PLAIN.test(text) && !isNotText(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

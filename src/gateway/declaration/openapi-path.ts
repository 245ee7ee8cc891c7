import { isList, isText, objectOr, type Json } from '../../kit/openapi-document/json-values.js';
import { trimEnd } from '../../core/validation/trim-end.js';
import { validateTemplate } from '../routes/validate-template.js';

const AUTHORITY = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i;
const PARAMETER_CHARACTERS_MAX = 64;
/** Segments before the one that names a resource. */
const PREFIX = /^(?:api|rest|v\d[\d._-]*)$/i;

/**
 * The path that the paths of an operation begin with: that of the first server. Those of the operation override those of
 * its path, which override those of the document.
 */
export function basePathOf(places: readonly Json[]): string {
  const servers = places.map((place) => place['servers']).find((each) => isList(each) && each.length > 0);
  const { url, variables } = objectOr(isList(servers) ? servers[0] : undefined);
  if (!isText(url)) return '';
  const filled = url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const { default: value } = objectOr(objectOr(variables)[name]);
    return value === undefined ? whole : String(value);
  });
  const [path = ''] = filled.replace(AUTHORITY, '').split(/[?#]/, 1);
  const trimmed = trimEnd(path, '/');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

/** @returns the template of a route, or why no route matches the path */
export function templateOf(basePath: string, path: string): { template: string } | { problem: string } {
  if (/[{}]/.test(basePath)) return { problem: `the server ${basePath} has a variable without a default.` };
  const template = `${basePath}${path}`
    .split('/')
    .map((segment) => (/^\{[^{}*+:]+\}$/.test(segment) ? parameter(segment) : segment))
    .join('/');
  const problem = validateTemplate(template);
  return problem === undefined ? { template } : { problem };
}

/** The first segment of a path that names something: no parameter, version or `api`. */
export function nounOf(path: string): string | undefined {
  const literals = path.split('/').filter((segment) => segment !== '' && !/[{}]/.test(segment));
  return literals.find((segment) => !PREFIX.test(segment)) ?? literals[0];
}

function parameter(segment: string): string {
  const name = segment.slice(1, -1).replaceAll(/[^\w.-]+/g, '_');
  return `{${name.slice(0, PARAMETER_CHARACTERS_MAX)}}`;
}

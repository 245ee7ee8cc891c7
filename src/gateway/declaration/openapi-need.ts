import { quoteInput } from '../../core/errors/quote-input.js';
import { isList, isObject, isText, objectOr, type Json } from '../../kit/openapi-document/json-values.js';
import { DESCRIPTION_CHARACTERS_MAX } from './name-limits.js';
import { nounOf } from './openapi-path.js';
import { shortened, type ResourceNames } from './openapi-names.js';

const WORD = /^[a-z][a-z0-9_-]{0,30}$/;
const READ_METHODS = ['GET', 'HEAD'];
/** Scopes of OpenID Connect about the person, not about the API. */
const IDENTITY_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];
const SHOWN_MAX = 5;
const PART_CHARACTERS_MAX = 64;
const GIVE = 'Give it x-scope.';
const NO_REASON = 'is public. Say why with x-public-reason, or give it x-scope.';

/** An operation with what may hold for it by default. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
  readonly item: Json;
  readonly document: Json;
}
export type OperationNeed = { readonly needs: string; readonly reason?: string } | { readonly problem: string };

/**
 * What an operation needs: its `x-scope`, else its OAuth2 scope, else read or write of its tag or the first segment of its
 * path.
 */
export function needOf(from: Operation, names: ResourceNames): OperationNeed {
  const { operation, item, document } = from;
  const declared = operation['x-scope'] ?? item['x-scope'];
  if (declared !== undefined) return declaredNeed(declared, from);
  const alternatives = operation['security'] ?? document['security'];
  if (isList(alternatives)) {
    if (alternatives.every((each) => isObject(each) && Object.keys(each).length === 0)) return publicNeed(from);
    const [several, single] = oauthScopes(alternatives, document);
    if (single) return oauthNeed(single);
    if (several) return { problem: `needs several scopes (${shownList(several)}), and a route needs one. ${GIVE}` };
  }
  return derivedNeed(from, names);
}

function declaredNeed(declared: unknown, from: Operation): OperationNeed {
  if (declared === 'public') return publicNeed(from);
  const scope = isText(declared) ? declared.trim() : '';
  if (scope === 'any-key' || isScope(scope)) return { needs: scope };
  const shown = quoteInput(isText(declared) ? declared : JSON.stringify(declared));
  return { problem: `has x-scope ${shown}, which is not a scope such as invoices:read, any-key or public.` };
}

function publicNeed({ operation, item }: Operation): OperationNeed {
  const reason = shortened(operation['x-public-reason'] ?? item['x-public-reason'], DESCRIPTION_CHARACTERS_MAX);
  return reason === '' ? { problem: NO_REASON } : { needs: 'public', reason };
}

/**
 * The scopes of the first alternative with several, and the scope of the first with one. That one is enough for a client,
 * so a route with it is no wider than the operation.
 */
function oauthScopes(alternatives: readonly unknown[], document: Json): [several?: string[], single?: string] {
  const schemes = objectOr(objectOr(document['components'])['securitySchemes']);
  const all = alternatives.map((alternative) => {
    const scopes = Object.entries(objectOr(alternative)).flatMap(([name, required]) => {
      const { type } = objectOr(schemes[name]);
      return (type === 'oauth2' || type === 'openIdConnect') && isList(required) ? required.filter(isText) : [];
    });
    return [...new Set(scopes)].filter((scope) => !IDENTITY_SCOPES.includes(scope));
  });
  return [all.find(({ length }) => length > 1), all.find(({ length }) => length === 1)?.[0]];
}

/** `Invoices.Read` and `invoices/read` are written as `invoices:read`. */
function oauthNeed(scope: string): OperationNeed {
  const needs = scope.toLowerCase().replace(/[./]/, ':');
  if (isScope(needs)) return { needs };
  return { problem: `needs the OAuth2 scope ${quoteInput(scope)}, which is not of the form resource:action. ${GIVE}` };
}

function derivedNeed({ method, path, operation }: Operation, names: ResourceNames): OperationNeed {
  const [tag] = isList(operation['tags']) ? operation['tags'].filter(isText) : [];
  const noun = nounOf(path);
  const resource = (tag && names.nameOfTag(tag)) ?? (noun && names.nameOf(noun));
  if (!resource) return { problem: `has no tag and no segment that names a resource. ${GIVE}` };
  return { needs: `${resource}:${READ_METHODS.includes(method) ? 'read' : 'write'}` };
}

function isScope(text: string): boolean {
  const [resource = '', action = '', ...rest] = text.split(':');
  return rest.length === 0 && WORD.test(resource) && WORD.test(action);
}

function shownList(scopes: readonly string[]): string {
  const shown = scopes.slice(0, SHOWN_MAX).map((scope) => scope.slice(0, PART_CHARACTERS_MAX));
  return scopes.length > SHOWN_MAX ? `${shown.join(', ')}, …` : shown.join(', ');
}

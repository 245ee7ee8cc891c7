import { allowedOriginsOrThrow } from '../../access/network/allowed-origins.js';
import type { ScopedAudience } from '../../access/scopes/scope-catalogue.js';
import { scopesOrThrow } from '../../access/scopes/scopes.js';
import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import type { ApiKey } from './api-key.entity.js';
import { labelsAfter } from './key-labels.js';
import type { CreateApiKeyDto, CreatePartnerKeyDto, UpdateApiKeyDto } from './key-settings.dto.js';
import {
  allowedIpsOrThrow,
  futureOrThrow,
  type KeyRules,
  validateKeySettings,
  type KeySettings,
  ratesOrThrow,
} from './key-settings.js';

type OwnSettings = Pick<ApiKey, 'name' | 'description' | 'kind' | 'type' | 'agent_id' | 'allowed_origins'>;

/** The audience whose scopes a key can have: an agent's permissions (S3), or the org's scopes. */
export function audienceOf({ kind }: Partial<Pick<ApiKey, 'kind'>>): ScopedAudience {
  return kind === 'key_secret' ? 'agent' : 'org';
}

/**
 * Validates the request for a new key. The database checks that the agent exists.
 * @returns the columns of the key
 * @throws AppError invalid_request (400) naming each invalid field and combination
 */
export function validateNewKey(dto: CreateApiKeyDto, rules: KeyRules): OwnSettings & KeySettings {
  const problems = dto.type === 'standard' ? misplacedInStandard(dto) : misplacedInTyped(dto);
  if (problems.length > 0) throw invalidRequest(problems);
  const { name, kind, type } = dto;
  return {
    name,
    description: dto.description ?? null,
    kind,
    type,
    agent_id: dto.agent_id ?? null,
    allowed_origins: allowedOriginsOrThrow(dto.allowed_origins ?? []),
    ...validateKeySettings(dto, audienceOf(dto), rules),
  };
}

/**
 * Validates a partner's request for a new key, which without further settings is a JWT with full access (S1).
 * @returns the columns of the key
 * @throws AppError invalid_request (400) naming each invalid field and combination
 */
export function validatePartnerKey(
  { name, format, ...dto }: CreatePartnerKeyDto,
  rules: KeyRules,
): OwnSettings & KeySettings & Pick<ApiKey, 'format'> {
  const isPlain = dto.kind === 'bearer' && dto.type === 'standard';
  if (format === 'jwt' && !isPlain)
    throw invalidField('format', 'format must be opaque for a key with a secret or a type');
  const access = isPlain && dto.scopes == null ? (dto.access ?? 'full') : dto.access;
  const settings = validateNewKey({ ...dto, access, name: name ?? 'Default' }, rules);
  return { ...settings, format: isPlain ? (format ?? 'jwt') : 'opaque' };
}

function misplacedInTyped({ type, kind, access, scopes, agent_id }: CreateApiKeyDto): FieldProblem[] {
  const given = Object.entries({ access, scopes, agent_id }).filter(([, value]) => value != null);
  const problems = given.map(([field]) => problem(field, `cannot be given to a key of type ${type}`));
  return kind === 'bearer' ? problems : [problem('kind', `must be bearer for a key of type ${type}`), ...problems];
}

function misplacedInStandard({ kind, access, scopes, agent_id, allowed_origins }: CreateApiKeyDto): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const isPair = kind === 'key_secret';
  if (isPair && agent_id == null) problems.push(problem('agent_id', 'is required for a key with a secret'));
  if (!isPair && agent_id != null) problems.push(problem('agent_id', 'can only be given to a key with a secret'));
  if (allowed_origins?.length) problems.push(problem('allowed_origins', 'cannot be given to a key of type standard'));
  if (access == null && scopes == null) problems.push(problem('access', 'is required where there are no scopes'));
  if (access === 'scoped' && scopes == null) problems.push(problem('scopes', 'must list at least one scope'));
  if (access === 'full') problems.push(...problemsOfFullAccess(isPair, scopes));
  return problems;
}

function problemsOfFullAccess(isPair: boolean, scopes: readonly string[] | null | undefined): FieldProblem[] {
  if (isPair) return [problem('access', 'must be scoped for a key with a secret')];
  return scopes == null ? [] : [problem('scopes', 'cannot be given with full access')];
}

function problem(field: string, what: string): FieldProblem {
  return { field, message: `${field} ${what}` };
}

/**
 * Validates a change of a key.
 * @returns the columns to change; undefined ones stay
 * @throws AppError invalid_request (400) naming each field that is invalid or can't change on this key
 */
export function validateKeyChange(key: ApiKey, dto: UpdateApiKeyDto, rules: KeyRules): Partial<ApiKey> {
  const { name, description, metadata, tags, external_id, ...others } = dto;
  const { allowed_ips, expires_at, rate_limit, ...access } = others;
  if (key.type !== 'standard') {
    // Only what people call a typed key can change, not what it may do (S4).
    const given = Object.entries(others).filter(([, value]) => value !== undefined);
    if (given.length > 0) {
      throw invalidRequest(given.map(([field]) => problem(field, `cannot be changed on a key of type ${key.type}`)));
    }
  }
  return {
    name,
    description,
    ...labelsAfter(key, { metadata, tags, external_id }),
    scopes: scopesAfter(key, access, rules),
    allowed_ips: allowed_ips && allowedIpsOrThrow(allowed_ips),
    expires_at: expires_at == null ? expires_at : futureOrThrow(expires_at),
    ...(rate_limit === null
      ? { rate_per_minute: null, rate_per_hour: null }
      : (ratesOrThrow(rate_limit ?? {}, rules.limits) as Partial<ApiKey>)),
  };
}

/** Null: full access; undefined: unchanged. */
function scopesAfter(
  key: ApiKey,
  { access, scopes }: Pick<UpdateApiKeyDto, 'access' | 'scopes'>,
  { catalogue }: KeyRules,
): string[] | null | undefined {
  if (access === 'full') {
    const [refusal] = problemsOfFullAccess(key.kind === 'key_secret', scopes);
    if (refusal) throw invalidRequest([refusal]);
    return null;
  }
  if (scopes !== undefined) return scopesOrThrow(scopes, audienceOf(key), catalogue);
  if (access === 'scoped' && key.scopes === null) throw invalidField('scopes', 'scopes must list at least one scope');
  return undefined;
}

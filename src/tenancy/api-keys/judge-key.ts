import { allowedOriginsOrThrow } from '../../access/network/allowed-origins.js';
import type { Limits } from '../../core/config/config.js';
import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import type { ApiKey } from './api-key.entity.js';
import type { CreateApiKeyDto, UpdateApiKeyDto } from './key-settings.dto.js';
import {
  allowedIpsOrThrow,
  futureOrThrow,
  judgeKeySettings,
  type KeySettings,
  ratesOrThrow,
  scopesOrThrow,
} from './key-settings.js';

type OwnSettings = Pick<ApiKey, 'name' | 'description' | 'kind' | 'type' | 'agent_id' | 'allowed_origins'>;

/** Which scopes a key takes: those of an agent's permissions [seed 003], or the org's. */
function audienceOf({ kind }: Pick<ApiKey, 'kind'>) {
  return kind === 'key_secret' ? 'agent' : 'org';
}

/**
 * A new key as people ask for it → its columns. Whether there is such an agent is the database's to say.
 * @throws AppError invalid_request (400) naming what doesn't go together, or can't be
 */
export function judgeNewKey(dto: CreateApiKeyDto, limits: Limits): OwnSettings & KeySettings {
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
    ...judgeKeySettings(dto, audienceOf(dto), limits),
  };
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
 * What of a key is to change, as columns; undefined stays.
 * @throws AppError invalid_request (400) naming what this key doesn't take, or can't be
 */
export function judgeKeyChange(key: ApiKey, dto: UpdateApiKeyDto, limits: Limits): Partial<ApiKey> {
  const { name, description, allowed_ips, expires_at, rate_limit, ...access } = dto;
  if (key.type !== 'standard') {
    // Seed 004: "You can only Edit the Name and Description of the selected API Key."
    const settings = Object.entries({ allowed_ips, expires_at, rate_limit, ...access });
    const given = settings.filter(([, value]) => value !== undefined);
    if (given.length > 0) {
      throw invalidRequest(given.map(([field]) => problem(field, `cannot be changed on a key of type ${key.type}`)));
    }
  }
  return {
    name,
    description,
    scopes: scopesAfter(key, access),
    allowed_ips: allowed_ips && allowedIpsOrThrow(allowed_ips),
    expires_at: expires_at == null ? expires_at : futureOrThrow(expires_at),
    ...(rate_limit === null
      ? { rate_per_minute: null, rate_per_hour: null }
      : (ratesOrThrow(rate_limit ?? {}, limits) as Partial<ApiKey>)),
  };
}

/** Null: full access; undefined: as it is. */
function scopesAfter(
  key: ApiKey,
  { access, scopes }: Pick<UpdateApiKeyDto, 'access' | 'scopes'>,
): string[] | null | undefined {
  if (access === 'full') {
    const [refusal] = problemsOfFullAccess(key.kind === 'key_secret', scopes);
    if (refusal) throw invalidRequest([refusal]);
    return null;
  }
  if (scopes !== undefined) return scopesOrThrow(scopes, audienceOf(key));
  if (access === 'scoped' && key.scopes === null) throw invalidField('scopes', 'scopes must list at least one scope');
  return undefined;
}

import { Injectable } from '@nestjs/common';
import { Decisions } from '../../access/decision/decisions.js';
import { Refusals } from '../../access/guards/refusals.js';
import type { Principal } from '../../access/principal/principal.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';
import { scopesAt } from './identity.js';
import type { IntrospectionView } from './introspection.dto.js';
import type { GuardedService } from '../services/service-directory.js';
import { decisionIfSuspended, needsOf } from './service-needs.js';
import { describedClient, Verifications } from './verifications.service.js';

const INACTIVE: IntrospectionView = { active: false };

/** Answers what RFC 7662 asks about a token: the decision on a request that needs no scope. */
@Injectable()
export class Introspections {
  constructor(
    private readonly decisions: Decisions,
    private readonly verifications: Verifications,
    private readonly refusals: Refusals,
    private readonly signingKeys: SigningKeys,
  ) {}

  /** @throws AppError invalid_request (400) without exactly one token */
  async introspect(caller: Principal, form: URLSearchParams, requestId: string): Promise<IntrospectionView> {
    const arrivedAtMs = performance.now();
    const service = await this.verifications.serviceOf(caller);
    const token = onlyOne(form, 'token');
    if (token === undefined || token === '') throw invalidField('token', 'token is required');
    // RFC 7662 section 2.1 lets a server ignore it: there is one type of token.
    onlyOne(form, 'token_type_hint');
    const origin = onlyOne(form, 'origin');
    const headers = { authorization: `Bearer ${token}`, ...(origin !== undefined && { origin }) };
    const client = describedClient(onlyOne(form, 'ip'), headers);
    const needs = needsOf(service, []);
    const asked = { method: 'GET', headers, client, target: needs.target! };
    const decision = decisionIfSuspended(service) ?? (await this.decisions.decide(asked, needs));
    const { principal, refusal } = decision;
    const status = refusal?.error.definition.status ?? 200;
    this.verifications.record(asked, decision, { status, requestId, arrivedAtMs });
    if (refusal === undefined) return this.#active(service, principal!);
    this.refusals.attribute(refusal.error, refusal.by);
    this.refusals.count(refusal.error, { principal: principal ?? null });
    return INACTIVE;
  }

  async #active(service: GuardedService, principal: Principal): Promise<IntrospectionView> {
    const { id, boundOrgId, expiresAtMs } = principal;
    const { created_at, external_id, tags, metadata } = principal.profile!;
    return {
      active: true,
      scope: scopesAt(service, principal).join(' '),
      client_id: id,
      ...(boundOrgId !== undefined && { sub: boundOrgId }),
      ...(external_id !== null && { external_id }),
      tags,
      metadata,
      ...(Number.isFinite(expiresAtMs) && { exp: Math.floor(expiresAtMs / 1000) }),
      iat: Math.floor(created_at.getTime() / 1000),
      iss: await this.signingKeys.issuer(),
      aud: service.slug,
      token_type: 'Bearer',
    };
  }
}

/** RFC 6749 section 3.1: parameters must not be sent more than once. */
function onlyOne(form: URLSearchParams, name: string): string | undefined {
  const values = form.getAll(name);
  if (values.length > 1) throw invalidField(name, `${name} must not be sent more than once`);
  return values[0];
}

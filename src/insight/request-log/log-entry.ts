import { shownUserAgent } from '../../access/credentials/shown-user-agent.js';
import type { Refusal } from '../../access/guards/refusals.js';
import type { AnsweredRequest } from '../../access/ports/request-recorder.js';
import type { Outcome, RequestLogEntry } from './request-log-entry.entity.js';
import { storedRequestId } from './stored-request-id.js';

/** An entry that isn't stored yet. */
export interface LogEntry extends Omit<RequestLogEntry, 'id' | 'at' | 'country'> {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** A guard's refusal is denied, whatever its status; faults of the server never are. */
export function outcomeOf(status: number, refusal: Refusal | undefined): Outcome {
  if (status >= 500) return 'server_error';
  if (refusal !== undefined) return 'denied';
  return status >= 400 ? 'client_error' : 'allowed';
}

/** The credential that was presented, as far as it is known. */
function callerOf({ principal }: AnsweredRequest, refusal: Refusal | undefined) {
  if (principal !== null) {
    const { profile, credentialId, boundOrgId, boundPartnerId, serviceId } = principal;
    // The principal of a session or of a public webhook has no key.
    const keyId = profile === undefined ? undefined : principal.id;
    return { keyId, credentialId, orgId: boundOrgId, partnerId: boundPartnerId, serviceId };
  }
  const { keyId, credentialId, orgId, partnerId, serviceId } = refusal?.credential ?? {};
  return { keyId, credentialId, orgId, partnerId, serviceId };
}

/** @param nowMs milliseconds since the epoch */
export function entryOf(answered: AnsweredRequest, refusal: Refusal | undefined, nowMs: number): LogEntry {
  const { request, requestId, route, service, status, error } = answered;
  const caller = callerOf(answered, refusal);
  return {
    atMs: nowMs,
    request_id: storedRequestId(requestId),
    method: request.method,
    route,
    service,
    status,
    outcome: outcomeOf(status, refusal),
    code: error?.code ?? null,
    guard: refusal === undefined ? null : snakeCase(refusal.guard),
    reason: refusal?.reason ?? null,
    message: refusal?.message ?? null,
    api_key_id: caller.keyId ?? null,
    credential_id: caller.credentialId ?? null,
    org_id: caller.orgId ?? null,
    partner_id: caller.partnerId ?? null,
    service_id: caller.serviceId ?? null,
    client_address: request.client.address ?? null,
    user_agent: shownUserAgent(request.headers['user-agent']),
    duration_ms: performance.now() - answered.arrivedAtMs,
    weight: 1,
  };
}

/** Requests of one kind differ only in their time, id, client and duration. */
export function kindOf(answered: AnsweredRequest, refusal: Refusal | undefined): string {
  const { request, route, service, status, principal, error } = answered;
  const caller = principal?.credentialId ?? principal?.id ?? refusal?.credential?.credentialId ?? '';
  return `${caller} ${request.method} ${service} ${route} ${status} ${error?.code} ${refusal?.reason}`;
}

/** `PartnerActive` as `partner_active`. */
function snakeCase(name: string): string {
  return name.replace(/\B[A-Z]/g, '_$&').toLowerCase();
}

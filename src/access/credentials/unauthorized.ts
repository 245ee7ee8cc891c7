import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../errors/access.errors.js';
import type { Audience } from '../scopes/audience.js';
import type { AuthenticationFailure } from './authentication-failure.js';

/**
 * The 401 of an audience (RFC 6750 section 3; S0, S3).
 * @param wasPresented true if the request had a complete credential
 * @param failure the reason, which the caller is not told
 */
export function unauthorized(audience: Audience, wasPresented: boolean, failure?: AuthenticationFailure): AppError {
  if (audience === 'agent') {
    const details = { headers: { 'WWW-Authenticate': 'ApiKey realm="gatehouse"' }, internal: failure };
    return wasPresented ? accessErrors.unauthorized(details) : accessErrors.key_and_secret_required(details);
  }
  const bearer = `Bearer realm="gatehouse"${wasPresented ? ', error="invalid_token"' : ''}`;
  // A service may authenticate with either scheme, and RFC 6749 section 5.2 asks for the one that it used.
  const challenge = audience === 'service' ? `${bearer}, Basic realm="gatehouse"` : bearer;
  return accessErrors.unauthorized({ headers: { 'WWW-Authenticate': challenge }, internal: failure });
}

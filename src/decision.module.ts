import { Global, Module } from '@nestjs/common';
import { Authenticator } from './access/credentials/authenticator.js';
import { AuthFailures } from './access/credentials/auth-failures.js';
import { ImportedCredentials } from './access/credentials/imported-credentials.js';
import { SecretVerifier } from './access/credentials/secret-verifier.js';
import { Decisions } from './access/decision/decisions.js';
import { NetworkRules } from './access/decision/network-rules.js';
import { CredentialCache } from './access/freshness/credential-cache.js';
import { Refusals } from './access/guards/refusals.js';
import { ImportedKeys } from './access/ports/imported-keys.js';
import { JwtVerifier } from './access/ports/jwt-verifier.js';
import { KeyStore } from './access/ports/key-store.js';
import { SessionStore } from './access/ports/session-store.js';
import { UsageMeter } from './access/ports/usage-meter.js';
import { RateLimits } from './access/rate-limit/rate-limits.js';
import { CONFIG, type Config } from './core/config/config.js';
import { ErrorFilter } from './core/errors/error.filter.js';
import { LOG, type Log } from './core/logging/log.js';
import { UsageModule } from './kit/usage/usage.module.js';
import { ApiKeysModule } from './tenancy/api-keys/api-keys.module.js';
import { KeyImportsModule } from './tenancy/key-imports/key-imports.module.js';
import { SessionCookie } from './tenancy/sessions/session-cookie.js';
import { SessionsModule } from './tenancy/sessions/sessions.module.js';
import { SigningKeysModule } from './tenancy/signing-keys/signing-keys.module.js';

/** What the global guards and the doors of the gateway share: access/ with the implementations of its ports. */
@Global()
@Module({
  imports: [ApiKeysModule, KeyImportsModule, SessionsModule, SigningKeysModule, UsageModule],
  providers: [
    {
      provide: Authenticator,
      useFactory: (
        settings: Config,
        cookie: SessionCookie,
        cache: ConstructorParameters<typeof Authenticator>[2],
        keys: KeyStore,
        imported: ImportedCredentials,
        jwts: JwtVerifier,
        secrets: SecretVerifier,
        sessions: SessionStore,
        failures: AuthFailures,
        meter: UsageMeter,
      ) => new Authenticator(settings, cookie.name, cache, keys, imported, jwts, secrets, sessions, failures, meter),
      inject: [
        CONFIG,
        SessionCookie,
        CredentialCache,
        KeyStore,
        ImportedCredentials,
        JwtVerifier,
        SecretVerifier,
        SessionStore,
        AuthFailures,
        UsageMeter,
      ],
    },
    {
      provide: ImportedCredentials,
      useFactory: (keys: KeyStore, imports: ImportedKeys) => new ImportedCredentials(keys, imports),
      inject: [KeyStore, ImportedKeys],
    },
    {
      provide: Decisions,
      useFactory: (authenticator: Authenticator, network: NetworkRules, limits: RateLimits) =>
        new Decisions(authenticator, network, limits),
      inject: [Authenticator, NetworkRules, RateLimits],
    },
    {
      provide: ErrorFilter,
      useFactory: (log: Log, refusals: Refusals) =>
        new ErrorFilter(log, (error, request) => refusals.count(error, request)),
      inject: [LOG, Refusals],
    },
  ],
  exports: [Authenticator, Decisions, ErrorFilter],
})
export class DecisionModule {}

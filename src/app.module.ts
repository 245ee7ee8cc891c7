import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessModule } from './access/access.module.js';
import { Authenticator } from './access/authenticator.js';
import { AuthFailures } from './access/auth-failures.js';
import { CredentialCache } from './access/freshness/credential-cache.js';
import { AuthenticationGuard } from './access/guards/authentication.guard.js';
import { NetworkGuard } from './access/guards/network.guard.js';
import { PartnerActiveGuard } from './access/guards/partner-active.guard.js';
import { RateLimitGuard } from './access/guards/rate-limit.guard.js';
import { ScopeGuard } from './access/guards/scope.guard.js';
import { JwtVerifier, KeyStore, SessionStore, UsageMeter, WebhookDirectory } from './access/ports.js';
import { accountOf } from './access/request.js';
import { RouteAudit } from './access/route-audit.js';
import { SecretVerifier } from './access/secret-verifier.js';
import { WebhookCallers } from './access/webhook-callers.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditHeadsModule, AuditModule } from './audit/audit.module.js';
import { CONFIG, type Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DomainEventsModule } from './domain-events/domain-events.module.js';
import { ENTITIES } from './entities.js';
import { ErrorFilter } from './errors/error.filter.js';
import { EventsModule } from './events/events.module.js';
import { FilesModule } from './files/files.module.js';
import { HealthModule } from './health/health.module.js';
import { BodyBudget } from './http/body-budget.js';
import { LastRequests } from './http/last-requests.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LOG, type Log } from './logging/log.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { LoginLinksModule } from './login-links/login-links.module.js';
import { MailModule } from './mail/mail.module.js';
import { ManageModule } from './manage/manage.module.js';
import { counted } from './metrics/guard-refusals.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OpenModule } from './open/open.module.js';
import { OrgsModule } from './orgs/orgs.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { PartnerApiModule } from './partner-api/partner-api.module.js';
import { PartnersModule } from './partners/partners.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { ResourcesModule } from './resources/resources.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { UsageModule } from './usage/usage.module.js';
import { RequestPipe } from './validation/request.pipe.js';

/** Every request passes these, in this order; the first refusal answers. */
export const GUARD_CHAIN = [AuthenticationGuard, NetworkGuard, PartnerActiveGuard, RateLimitGuard, ScopeGuard];

/** The whole server. Guards reach features only through the ports that are joined here. */
@Module({})
export class AppModule {
  static with(config: Config, log: Log): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        ConfigModule.with(config, log),
        DatabaseModule.with(ENTITIES),
        AccessModule,
        AuditModule,
        AuditHeadsModule,
        UsageModule,
        IdempotencyModule,
        ProvidersModule,
        JobsModule,
        DomainEventsModule,
        RetentionModule,
        FilesModule,
        MailModule,
        SigningKeysModule,
        PartnersModule,
        OrgsModule,
        ApiKeysModule,
        SessionsModule,
        LoginLinksModule,
        IntegrationsModule,
        PartnerApiModule,
        DashboardModule,
        EventsModule,
        ManageModule,
        ResourcesModule,
        OpenModule,
        HealthModule,
        MetricsModule,
        OpenApiModule,
      ],
      providers: [
        {
          provide: Authenticator,
          useFactory: (
            settings: Config,
            cookie: SessionCookie,
            cache: ConstructorParameters<typeof Authenticator>[2],
            keys: KeyStore,
            jwts: JwtVerifier,
            secrets: SecretVerifier,
            sessions: SessionStore,
            failures: AuthFailures,
            meter: UsageMeter,
          ) => new Authenticator(settings, cookie.name, cache, keys, jwts, secrets, sessions, failures, meter),
          inject: [
            CONFIG,
            SessionCookie,
            CredentialCache,
            KeyStore,
            JwtVerifier,
            SecretVerifier,
            SessionStore,
            AuthFailures,
            UsageMeter,
          ],
        },
        {
          provide: WebhookCallers,
          useFactory: (
            authenticator: Authenticator,
            webhooks: WebhookDirectory,
            failures: AuthFailures,
            { limits }: Config,
          ) => new WebhookCallers(authenticator, webhooks, failures, limits),
          inject: [Authenticator, WebhookDirectory, AuthFailures, CONFIG],
        },
        RouteAudit,
        LastRequests,
        { provide: BodyBudget, useFactory: () => new BodyBudget(accountOf) },
        { provide: APP_FILTER, useFactory: (log: Log) => new ErrorFilter(log), inject: [LOG] },
        { provide: APP_PIPE, useClass: RequestPipe },
        ...GUARD_CHAIN.map((guard) => ({ provide: APP_GUARD, useClass: counted(guard) })),
      ],
    };
  }
}

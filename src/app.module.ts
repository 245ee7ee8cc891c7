import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessModule } from './access/access.module.js';
import { Authenticator } from './access/credentials/authenticator.js';
import { AuthFailures } from './access/credentials/auth-failures.js';
import { EarlyAuthentication } from './access/guards/early-authentication.js';
import { AuthenticationGuard } from './access/guards/authentication.guard.js';
import { NetworkGuard } from './access/guards/network.guard.js';
import { PartnerActiveGuard } from './access/guards/partner-active.guard.js';
import { counted } from './access/guards/refusals.js';
import { RateLimitGuard } from './access/guards/rate-limit.guard.js';
import { ScopeGuard } from './access/guards/scope.guard.js';
import { WebhookDirectory } from './access/ports/webhook-directory.js';
import { accountOf } from './access/principal/request.js';
import { RouteAudit } from './access/routes/route-audit.js';
import { ScopesModule } from './access/scopes/scopes.module.js';
import { WebhookCallers } from './access/credentials/webhook-callers.js';
import { ApiKeysModule } from './tenancy/api-keys/api-keys.module.js';
import { AuditHeadsModule, AuditModule } from './kit/audit/audit.module.js';
import { AuditExportModule } from './kit/audit/export/audit-export.module.js';
import { CONFIG, type Config } from './core/config/config.js';
import { ConfigModule } from './core/config/config.module.js';
import { CountriesModule } from './kit/countries/countries.module.js';
import { DashboardPagesModule } from './operations/dashboard-pages/dashboard-pages.module.js';
import { DatabaseModule } from './core/database/database.module.js';
import { DecisionModule } from './decision.module.js';
import { DomainEventsModule } from './kit/domain-events/domain-events.module.js';
import { ENTITIES } from './entities.js';
import { ALL_EVENT_SUBJECTS } from './event-subjects.js';
import { ErrorFilter } from './core/errors/error.filter.js';
import { EXAMPLE_CATALOGUE } from './example-catalogue.js';
import { EventIngestModule } from './api/event-ingest/event-ingest.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { FilesModule } from './kit/files/files.module.js';
import { HealthModule } from './operations/health/health.module.js';
import { BodyBudget } from './core/http/body-budget.js';
import { GracefulShutdown } from './core/http/graceful-shutdown.js';
import { JobsModule } from './core/jobs/jobs.module.js';
import { ObjectStorageModule } from './core/object-storage/object-storage.module.js';
import type { Log } from './core/logging/log.js';
import { IdempotencyModule } from './kit/idempotency/idempotency.module.js';
import { IdleKeysModule } from './tenancy/idle-keys/idle-keys.module.js';
import { InsightModule } from './insight/insight.module.js';
import { IntegrationsModule } from './tenancy/integrations/integrations.module.js';
import { LoginLinksModule } from './tenancy/login-links/login-links.module.js';
import { WebhooksModule } from './kit/webhooks/webhooks.module.js';
import { MailerModule } from './kit/mailer/mailer.module.js';
import { ManageModule } from './api/manage/manage.module.js';
import { OperatorApiModule } from './api/operator-api/operator-api.module.js';
import { ManagedWebhooksModule } from './api/webhooks/managed-webhooks.module.js';
import { MetricsModule } from './operations/metrics/metrics.module.js';
import { AgentApiModule } from './api/agent-api/agent-api.module.js';
import { OrgsModule } from './tenancy/orgs/orgs.module.js';
import { OpenApiModule } from './operations/openapi/openapi.module.js';
import { PartnerApiModule } from './api/partner-api/partner-api.module.js';
import { PartnersModule } from './tenancy/partners/partners.module.js';
import { OutboundModule } from './kit/outbound/outbound.module.js';
import { ResourcesModule } from './resources/resources.module.js';
import { ALL_RETENTION_RULES } from './retention-rules.js';
import { RetentionModule } from './kit/retention/retention.module.js';
import { SessionsModule } from './tenancy/sessions/sessions.module.js';
import { SigningKeysModule } from './tenancy/signing-keys/signing-keys.module.js';
import { tracedGuard } from './operations/telemetry/traced-guard.js';
import { UsageModule } from './kit/usage/usage.module.js';
import { RequestPipe } from './core/validation/request.pipe.js';

/** The guards of every request, in order. The first that throws decides the response. */
export const GUARD_CHAIN = [AuthenticationGuard, NetworkGuard, PartnerActiveGuard, RateLimitGuard, ScopeGuard];

/** The root module. Guards depend on the ports of access/, which the feature modules implement. */
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
        DecisionModule,
        ScopesModule,
        AuditModule,
        AuditHeadsModule,
        AuditExportModule,
        CountriesModule,
        UsageModule,
        IdempotencyModule,
        OutboundModule,
        JobsModule,
        ObjectStorageModule,
        DomainEventsModule,
        RetentionModule.with(ALL_RETENTION_RULES),
        FilesModule,
        MailerModule,
        WebhooksModule.with(ALL_EVENT_SUBJECTS),
        SigningKeysModule,
        PartnersModule,
        OrgsModule,
        ApiKeysModule,
        IdleKeysModule,
        SessionsModule,
        LoginLinksModule,
        IntegrationsModule,
        PartnerApiModule,
        GatewayModule,
        InsightModule,
        DashboardPagesModule,
        EventIngestModule,
        ManageModule,
        OperatorApiModule,
        ManagedWebhooksModule,
        ResourcesModule,
        AgentApiModule,
        HealthModule,
        MetricsModule,
        OpenApiModule.with(EXAMPLE_CATALOGUE),
      ],
      providers: [
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
        EarlyAuthentication,
        GracefulShutdown,
        { provide: BodyBudget, useFactory: () => new BodyBudget(accountOf) },
        { provide: APP_FILTER, useExisting: ErrorFilter },
        { provide: APP_PIPE, useClass: RequestPipe },
        ...GUARD_CHAIN.map((guard) => ({
          provide: APP_GUARD,
          useClass: counted(config.telemetry === undefined ? guard : tracedGuard(guard)),
        })),
      ],
    };
  }
}

import { Module, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Judgements } from '../../access/decision/judgements.js';
import { NetworkRules } from '../../access/decision/network-rules.js';
import { Refusals } from '../../access/guards/refusals.js';
import { KeyStore } from '../../access/ports/key-store.js';
import { WebhookDirectory } from '../../access/ports/webhook-directory.js';
import { RateLimits } from '../../access/rate-limit/rate-limits.js';
import { declaredRoutes } from '../../access/routes/declared-routes.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { GatewayModule } from '../../gateway/gateway.module.js';
import { ServiceDirectory } from '../../gateway/services/service-directory.js';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { GrantableScopesModule } from '../../tenancy/services/grantable-scopes.module.js';
import { SessionCookie } from '../../tenancy/sessions/session-cookie.js';
import { SessionsModule } from '../../tenancy/sessions/sessions.module.js';
import { AskedRoutes } from './asked-routes.js';
import { KeyChecks } from './key-checks.service.js';
import { ManageCheckController } from './manage-check.controller.js';
import { OwnRoutes } from './own-routes.js';
import { PartnerCheckController } from './partner-check.controller.js';
import { WhoamiCheckController } from './whoami-check.controller.js';

/** What the guards would answer to a request. */
@Module({
  imports: [DiscoveryModule, SessionsModule, OrgsModule, ApiKeysModule, GrantableScopesModule, GatewayModule],
  controllers: [ManageCheckController, PartnerCheckController, WhoamiCheckController],
  providers: [
    {
      provide: OwnRoutes,
      useFactory: (discovery: DiscoveryService) =>
        new OwnRoutes(() => declaredRoutes(discovery.getControllers().map(({ metatype }) => metatype as Type))),
      inject: [DiscoveryService],
    },
    {
      provide: AskedRoutes,
      useFactory: (
        own: OwnRoutes,
        services: ServiceDirectory,
        webhooks: WebhookDirectory,
        scopes: GrantableScopes,
        { limits }: Config,
      ) => new AskedRoutes(own, services, webhooks, scopes, limits),
      inject: [OwnRoutes, ServiceDirectory, WebhookDirectory, GrantableScopes, CONFIG],
    },
    {
      provide: Judgements,
      useFactory: (cookie: SessionCookie, network: NetworkRules, { limits }: Config, rateLimits: RateLimits) =>
        new Judgements(cookie.name, network, limits, rateLimits),
      inject: [SessionCookie, NetworkRules, CONFIG, RateLimits],
    },
    {
      provide: KeyChecks,
      useFactory: (
        keys: KeyStore,
        routes: AskedRoutes,
        judgements: Judgements,
        refusals: Refusals,
        { limits }: Config,
      ) => new KeyChecks(keys, routes, judgements, refusals, limits),
      inject: [KeyStore, AskedRoutes, Judgements, Refusals, CONFIG],
    },
  ],
})
export class CheckModule {}

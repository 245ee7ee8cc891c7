import { Inject, Injectable } from '@nestjs/common';
import { Judgements } from '../../access/decision/judgements.js';
import { NetworkRules } from '../../access/decision/network-rules.js';
import { NO_FENCE } from '../../access/freshness/read-fence.js';
import { Refusals } from '../../access/guards/refusals.js';
import { OwnOrigin } from '../../access/network/own-origin.js';
import { declaredRoutes, type DeclaredRoute } from '../../access/routes/declared-routes.js';
import { isKept } from '../../access/routes/remove-controllers.js';
import { isBuiltInOn } from '../../access/scopes/built-in-resources.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { RouteTable } from '../../gateway/routes/route-table.js';
import type { GuardedService } from '../../gateway/services/service-directory.js';
import { scopesOf, storedService, type StoredService } from '../../gateway/services/stored-services.js';
import { AskedRoutes } from '../../insight/check/asked-routes.js';
import { KeyChecks } from '../../insight/check/key-checks.service.js';
import { OwnRoutes } from '../../insight/check/own-routes.js';
import { WorkflowWebhooks } from '../../resources/automation/workflows/access-ports.module.js';
import { PostgresKeyStore } from '../../tenancy/api-keys/key-store.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { SessionCookie } from '../../tenancy/sessions/session-cookie.js';

/** No guard asks for them. */
const NO_EVENTS = { sqlFor: () => "'{}'::text[]" };

/** Checks of keys without a server: only the servers know how full the limits are. */
@Injectable()
export class CommandKeyChecks {
  constructor(
    private readonly database: Database,
    private readonly scopes: GrantableScopes,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async open(): Promise<KeyChecks> {
    const { config, database, scopes } = this;
    const routes = await this.#routes();
    const find = async (slug: string) => {
      const stored = await storedService(database.manager, slug);
      return stored && guarded(stored);
    };
    const asked = new AskedRoutes(
      new OwnRoutes(() => routes),
      { find },
      new WorkflowWebhooks(database, NO_FENCE),
      scopes,
      config.limits,
    );
    const network = new NetworkRules(new OwnOrigin([config.publicUrl, config.dashboardUrl]));
    const judgements = new Judgements(new SessionCookie(config).name, network, config.limits, undefined);
    const keys = new PostgresKeyStore(database, NO_FENCE, NO_EVENTS);
    return new KeyChecks(keys, asked, judgements, new Refusals(), config.limits);
  }

  /** Those of a server with these settings. Loads all of its controllers. */
  async #routes(): Promise<readonly DeclaredRoute[]> {
    const { serverControllers } = await import('../generate-docs/api-document.js');
    const isOn = (resource: string) => isBuiltInOn(this.config, resource);
    return declaredRoutes(serverControllers().filter((controller) => isKept(controller, isOn)));
  }
}

function guarded({ row, declaration }: StoredService): GuardedService {
  const { id, slug, full_access, suspended_at } = row;
  const scopes = scopesOf(declaration);
  return {
    id,
    slug,
    number: Number(row.number),
    fullAccess: full_access,
    scopes,
    hasScope: new Set(scopes),
    routes: new RouteTable(declaration.routes),
    isSuspended: suspended_at !== null,
  };
}

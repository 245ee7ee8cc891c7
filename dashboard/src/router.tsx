import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { validateAuditSearch } from './audit/audit-search';
import { validateKeyPageSearch } from './key/key-page-search';
import { KeysPage } from './keys/keys-page';
import { validateKeysSearch } from './keys/keys-search';
import { validateNewKeySearch } from './new-key/new-key-search';
import { validateRequestsSearch } from './requests/requests-search';
import { Frame } from './shell/frame';
import { NoSuchPage } from './shell/no-such-page';
import { PageFailed } from './shell/page-failed';

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage });
const under = { getParentRoute: () => root };

const routes = [
  createRoute({ ...under, path: '/', component: KeysPage, validateSearch: validateKeysSearch }),
  createRoute({
    ...under,
    path: '/keys/new',
    component: lazyRouteComponent(() => import('./new-key/new-key-page'), 'NewKeyPage'),
    validateSearch: validateNewKeySearch,
  }),
  createRoute({
    ...under,
    path: '/keys/$keyId',
    component: lazyRouteComponent(() => import('./key/key-page'), 'KeyPage'),
    validateSearch: validateKeyPageSearch,
  }),
  createRoute({
    ...under,
    path: '/requests',
    component: lazyRouteComponent(() => import('./requests/requests-page'), 'RequestsPage'),
    validateSearch: validateRequestsSearch,
  }),
  createRoute({
    ...under,
    path: '/services',
    component: lazyRouteComponent(() => import('./services/services-page'), 'ServicesPage'),
  }),
  createRoute({
    ...under,
    path: '/services/$service',
    component: lazyRouteComponent(() => import('./services/service-page'), 'ServicePage'),
  }),
  createRoute({
    ...under,
    path: '/audit',
    component: lazyRouteComponent(() => import('./audit/audit-page'), 'AuditPage'),
    validateSearch: validateAuditSearch,
  }),
  createRoute({
    ...under,
    path: '/members',
    component: lazyRouteComponent(() => import('./members/members-page'), 'MembersPage'),
  }),
  createRoute({
    ...under,
    path: '/policies',
    component: lazyRouteComponent(() => import('./policies/policies-page'), 'PoliciesPage'),
  }),
  createRoute({
    ...under,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./webhooks/webhooks-page'), 'WebhooksPage'),
  }),
  createRoute({
    ...under,
    path: '/webhooks/$webhookId',
    component: lazyRouteComponent(() => import('./webhooks/webhook-page'), 'WebhookPage'),
  }),
  createRoute({
    ...under,
    path: '/agents',
    component: lazyRouteComponent(() => import('./agents/agents-page'), 'AgentsPage'),
  }),
  createRoute({
    ...under,
    path: '/settings',
    component: lazyRouteComponent(() => import('./settings/settings-page'), 'SettingsPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/dashboard',
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

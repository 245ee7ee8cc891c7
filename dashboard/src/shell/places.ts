import type { SessionView } from '../api/wire';
import {
  AgentIcon,
  AuditIcon,
  KeyIcon,
  MembersIcon,
  PolicyIcon,
  RequestsIcon,
  ServiceIcon,
  SettingsIcon,
  WebhookIcon,
} from './icons';

const PLACES = [
  { to: '/', label: 'API keys', icon: KeyIcon },
  { to: '/requests', label: 'Requests', icon: RequestsIcon },
  { to: '/policies', label: 'Policies', icon: PolicyIcon },
  { to: '/webhooks', label: 'Webhooks', icon: WebhookIcon },
  { to: '/services', label: 'Services', icon: ServiceIcon },
  { to: '/agents', label: 'Agents', icon: AgentIcon },
  { to: '/members', label: 'Members', icon: MembersIcon },
  { to: '/audit', label: 'Audit', icon: AuditIcon },
  { to: '/settings', label: 'Organization', icon: SettingsIcon },
] as const;

/** The pages that are of use. Without services, only Owners can do something about it. */
export function placesOf({ has_agents, has_services, role }: SessionView) {
  return PLACES.filter(({ to }) => {
    if (to === '/agents') return has_agents;
    return to !== '/services' || has_services || role.name === 'Owner';
  });
}

import { AppShell, Box, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { SessionView } from '../api/wire';
import logo from '../gatehouse.svg';
import { Account } from './account';
import { AgentIcon, AuditIcon, KeyIcon, MembersIcon, RequestsIcon, ServiceIcon, SettingsIcon } from './icons';
import classes from './navigation.module.css';

const PLACES = [
  { to: '/', label: 'API keys', icon: KeyIcon },
  { to: '/requests', label: 'Requests', icon: RequestsIcon },
  { to: '/services', label: 'Services', icon: ServiceIcon },
  { to: '/agents', label: 'Agents', icon: AgentIcon },
  { to: '/members', label: 'Members', icon: MembersIcon },
  { to: '/audit', label: 'Audit', icon: AuditIcon },
  { to: '/settings', label: 'Organization', icon: SettingsIcon },
] as const;

/** Whether the place is of use. Without services, only Owners can do something about it. */
function isOffered(to: string, { has_agents, has_services, role }: SessionView): boolean {
  if (to === '/agents') return has_agents;
  return to !== '/services' || has_services || role.name === 'Owner';
}

export function Navigation({ session }: { readonly session: SessionView }) {
  return (
    <>
      <AppShell.Section p="md" visibleFrom="sm">
        <Group gap={10} wrap="nowrap">
          <img src={logo} alt="" width={32} height={32} />
          <Box miw={0}>
            <Text fw={650} truncate lh={1.25}>
              {session.org.name}
            </Text>
            <Text size="xs" c="dimmed">
              Gatehouse
            </Text>
          </Box>
        </Group>
      </AppShell.Section>
      <AppShell.Section grow p="sm">
        {PLACES.filter((place) => isOffered(place.to, session)).map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className={classes['place']!}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ className: `${classes['place']} ${classes['here']}` }}
          >
            <Icon />
            {label}
          </Link>
        ))}
      </AppShell.Section>
      <AppShell.Section p="sm">
        <Account session={session} />
      </AppShell.Section>
    </>
  );
}

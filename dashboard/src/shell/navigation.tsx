import { AppShell, Avatar, Box, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSignOut } from '../api/session';
import type { SessionView } from '../api/wire';
import logo from '../gatehouse.svg';
import {
  AgentIcon,
  AuditIcon,
  KeyIcon,
  MembersIcon,
  RequestsIcon,
  ServiceIcon,
  SettingsIcon,
  SignOutIcon,
} from './icons';
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

function Account({ session: { user, role } }: { readonly session: SessionView }) {
  const signOut = useSignOut();
  return (
    <Menu position="top-start" width={224}>
      <Menu.Target>
        <UnstyledButton className={classes['account']!}>
          <span className="visually-hidden">Your account, </span>
          <Avatar name={user.name} color="initials" size={34} radius="xl" aria-hidden />
          <Box miw={0}>
            <Text size="sm" fw={550} truncate>
              {user.name}
            </Text>
            <Text size="xs" c="dimmed">
              {role.name}
            </Text>
          </Box>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { AppShell, Box, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { SessionView } from '../api/wire';
import logo from '../gatehouse.svg';
import { Account } from './account';
import { BookIcon } from './icons';
import classes from './navigation.module.css';
import { PaletteButton } from './palette-button';
import { placesOf } from './places';

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
      <AppShell.Section px="sm" pt={{ base: 'sm', sm: 0 }}>
        <PaletteButton />
      </AppShell.Section>
      <AppShell.Section grow p="sm">
        {placesOf(session).map(({ to, label, icon: Icon }) => (
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
        <a href="/docs" target="_blank" rel="noopener" className={classes['place']}>
          <BookIcon />
          API reference
        </a>
        <Account session={session} />
      </AppShell.Section>
    </>
  );
}

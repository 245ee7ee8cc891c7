import { AppShell, Burger, Center, Group, Loader, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { GatehouseError } from '../../../sdk/src/index.js';
import { SessionContext, sessionQuery } from '../api/session';
import logo from '../gatehouse.svg';
import classes from './frame.module.css';
import { Navigation } from './navigation';
import { OtherOrg } from './other-org';
import { Problem } from './problem';
import { SignedOut } from './signed-out';

/** The layout of every page for signed-in users. */
export function Frame() {
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery);
  const [isOpen, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);

  if (isPending) {
    return (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (error instanceof GatehouseError && error.code === 'other_org') return <OtherOrg />;
  if (error) {
    return (
      <Center h="100vh" p="lg">
        <Problem error={error} onRetry={() => void refetch()} />
      </Center>
    );
  }
  if (session === null) return <SignedOut />;
  return (
    <SessionContext value={session}>
      <a className={classes['skip']} href="#content">
        Skip to content
      </a>
      <AppShell
        header={{ height: { base: 56, sm: 0 } }}
        navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={0}
      >
        <AppShell.Header hiddenFrom="sm" className={classes['header']!}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <UnstyledButton component={Link} to="/" className={classes['brand']!}>
              <img src={logo} alt="" width={26} height={26} />
              <Text fw={650} truncate>
                {session.org.name}
              </Text>
            </UnstyledButton>
            <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={isOpen} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes['navbar']!} aria-label="Main">
          <Navigation session={session} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          <div className={classes['content']}>
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
    </SessionContext>
  );
}

import { Avatar, Box, Text, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { SessionView } from '../api/wire';
import classes from './navigation.module.css';

// Floating elements need a library that is a tenth of the first page.
const AccountMenu = lazy(() => import('./account-menu'));

/** The signed-in user, with a menu. */
export function Account({ session: { user, role } }: { readonly session: SessionView }) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <UnstyledButton
        className={classes['account']!}
        id="account-target"
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={({ currentTarget }) => setAnchor(anchor ? undefined : currentTarget)}
      >
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
      {anchor && (
        <Suspense>
          <AccountMenu email={user.email} anchor={anchor} onClose={() => setAnchor(undefined)} />
        </Suspense>
      )}
    </>
  );
}

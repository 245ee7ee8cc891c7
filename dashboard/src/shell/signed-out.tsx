import { Center, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import logo from '../gatehouse.svg';

/** Explains how to sign in: there are no passwords, only login links on the partner's site. */
export function SignedOut() {
  useDocumentTitle('Signed out · Gatehouse');
  return (
    <Center component="main" mih="100vh" p="lg">
      <Stack maw={420} gap="sm" className="surface" p="xl">
        <img src={logo} alt="" width={40} height={40} />
        <Title order={1}>You are signed out</Title>
        <Text>To sign in again, open the dashboard from your account page, where you opened it before.</Text>
        <Text c="dimmed" size="sm">
          Sessions end after twelve hours without use, after a week, and when your role in the organization changes.
          There are no passwords.
        </Text>
      </Stack>
    </Center>
  );
}

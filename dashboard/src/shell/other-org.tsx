import { Button, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import logo from '../gatehouse.svg';

/** Shown if the browser has since signed in to another org. */
export function OtherOrg() {
  useDocumentTitle('Another organization · Gatehouse');
  return (
    <Center component="main" mih="100vh" p="lg">
      <Stack maw={420} gap="sm" className="surface" p="xl">
        <img src={logo} alt="" width={40} height={40} />
        <Title order={1}>You are signed in to another organization</Title>
        <Text>This page belongs to your previous organization. Reload it to continue in the current one.</Text>
        <Group mt="xs">
          <Button onClick={() => location.reload()}>Reload</Button>
        </Group>
      </Stack>
    </Center>
  );
}

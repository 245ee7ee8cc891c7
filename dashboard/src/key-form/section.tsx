import { Box, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly hint?: string;
  /** Controls beside the title. */
  readonly control?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, hint, control, children }: Props) {
  return (
    <Box component="section" className="surface" p={{ base: 'md', sm: 'lg' }}>
      <Group justify="space-between" gap="xs">
        <Title order={2}>{title}</Title>
        {control}
      </Group>
      {hint && (
        <Text size="sm" c="dimmed" mt={2}>
          {hint}
        </Text>
      )}
      <Stack mt="md" gap="md">
        {children}
      </Stack>
    </Box>
  );
}

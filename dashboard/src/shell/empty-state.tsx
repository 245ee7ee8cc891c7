import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
}

export function EmptyState({ icon, title, children }: Props) {
  return (
    <Center py={56} px="md">
      <Stack align="center" gap="sm" maw={520} w="100%">
        <ThemeIcon size={48} radius="xl" variant="light">
          {icon}
        </ThemeIcon>
        <Title order={2} ta="center">
          {title}
        </Title>
        {typeof children === 'string' ? (
          <Text c="dimmed" ta="center">
            {children}
          </Text>
        ) : (
          children
        )}
      </Stack>
    </Center>
  );
}

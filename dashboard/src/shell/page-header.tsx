import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './page-header.module.css';

interface Props {
  readonly title: string;
  readonly description?: ReactNode;
  /** Shown beside the title. */
  readonly marks?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

export function PageHeader({ title, description, marks, children }: Props) {
  useDocumentTitle(`${title} · Gatehouse`);
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="md">
      <Box maw={720} miw={0}>
        <Group gap="sm">
          <Title order={1}>{title}</Title>
          {marks}
        </Group>
        {description && (
          <Text c="dimmed" size="sm" mt={4} style={{ textWrap: 'pretty' }}>
            {description}
          </Text>
        )}
      </Box>
      {children && <div className={classes['actions']}>{children}</div>}
    </Group>
  );
}

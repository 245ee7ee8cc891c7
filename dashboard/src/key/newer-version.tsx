import { Alert, Button, Group, Text } from '@mantine/core';
import type { KeyDraft } from '../key-form/key-draft';
import { WarningIcon } from '../shell/icons';
import { listOf } from '../text/list-of';

const FIELD_LABELS: Readonly<Partial<Record<keyof KeyDraft, string>>> = {
  name: 'name',
  description: 'description',
  access: 'access',
  expiry: 'expiry',
  allowed_ips: 'allowed IP addresses',
  allowed_origins: 'allowed origins',
  per_minute: 'requests per minute',
  per_hour: 'requests per hour',
  tags: 'tags',
  external_id: 'external ID',
  metadata: 'metadata',
};

interface Props {
  /** Fields that both editors changed; undefined before the newer version is loaded. */
  readonly conflicts: readonly (keyof KeyDraft)[] | undefined;
  readonly isLoading: boolean;
  readonly onReload: () => void;
}

/** Shown when a change was refused because the key has changed since the form was opened. */
export function NewerVersion({ conflicts, isLoading, onReload }: Props) {
  if (conflicts === undefined) {
    return (
      <Alert color="orange" variant="light" icon={<WarningIcon />} title="Changed by someone else since you opened it">
        <Text size="sm">Nothing was saved. Reload to see the newer version; what you typed is kept.</Text>
        <Group mt="sm">
          <Button size="xs" variant="default" loading={isLoading} onClick={onReload}>
            Reload
          </Button>
        </Group>
      </Alert>
    );
  }
  const words = conflicts.map((field) => FIELD_LABELS[field] ?? field);
  return (
    <Alert color="blue" variant="light" icon={<WarningIcon />} title="You see the newer version with your changes">
      {conflicts.length === 0
        ? 'Review it, then save again.'
        : `You both changed the ${listOf(words)}. Yours replaces theirs when you save.`}
    </Alert>
  );
}

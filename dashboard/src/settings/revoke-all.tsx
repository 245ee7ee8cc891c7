import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { revokeAllQuery, useRevokeAll } from '../api/bulk';
import { Section } from '../key-form/section';
import { TypedConfirmation } from '../shell/typed-confirmation';
import { counted } from '../text/numbers';

/** For emergencies. Owners only. */
export function RevokeAllSection({ orgName }: { readonly orgName: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Section title="Emergency" hint="If you don't know which keys leaked.">
        <Group justify="space-between">
          <Text size="sm">Revoke every API key of this organization at once.</Text>
          <Button variant="outline" color="red" onClick={open}>
            Revoke all keys…
          </Button>
        </Group>
      </Section>
      {isOpen && <RevokeAllDialog orgName={orgName} onClose={close} />}
    </>
  );
}

function RevokeAllDialog({ orgName, onClose }: { readonly orgName: string; readonly onClose: () => void }) {
  const { data: preview } = useQuery(revokeAllQuery());
  const { mutate: revoke, isPending, error } = useRevokeAll();
  const confirm = () =>
    revoke(undefined, {
      onSuccess: ({ changed }) => {
        onClose();
        notifications.show({ message: `${counted(changed, 'key')} revoked. Requests with them are denied.` });
      },
    });
  return (
    <TypedConfirmation
      title="Revoke all keys"
      action="Revoke all keys"
      word={orgName}
      isPending={isPending}
      error={error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Every request with any key of this organization is denied at once. You can't undo this.
      {preview && (
        <>
          {' '}
          This revokes <strong>{counted(preview.changed, 'key')}</strong>.
        </>
      )}
    </TypedConfirmation>
  );
}

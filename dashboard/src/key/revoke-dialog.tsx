import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { keyQuery, useKeyAction } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { TypedConfirmation } from '../shell/typed-confirmation';
import { counted } from '../text/numbers';

interface Props {
  readonly shown: Pick<ApiKey, 'id' | 'name'>;
  readonly onClose: () => void;
}

export function RevokeDialog({ shown, onClose }: Props) {
  const { mutate: revoke, isPending, error } = useKeyAction(shown.id, 'revoke');
  const { data: key } = useQuery(keyQuery(shown.id));
  const confirm = () =>
    revoke(undefined, {
      onSuccess: () => {
        onClose();
        notifications.show({ message: `${shown.name} is revoked. Requests with it are denied.` });
      },
    });
  return (
    <TypedConfirmation
      title={`Revoke ${shown.name}`}
      action="Revoke key"
      word={shown.name}
      isPending={isPending}
      error={error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Every request with this key is denied at once. You can't undo this.
      {key && (
        <>
          {' '}
          The key made <strong>{counted(key.usage.last_24_hours, 'request')}</strong> in the last 24 hours.
        </>
      )}
    </TypedConfirmation>
  );
}

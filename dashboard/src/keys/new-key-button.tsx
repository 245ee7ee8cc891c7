import { useNavigate } from '@tanstack/react-router';
import { ChangeButton } from '../shell/change-button';
import { PlusIcon } from '../shell/icons';

export function NewKeyButton() {
  const navigate = useNavigate();
  return (
    <ChangeButton leftSection={<PlusIcon size={16} />} onClick={() => void navigate({ to: '/keys/new' })}>
      Generate new key
    </ChangeButton>
  );
}

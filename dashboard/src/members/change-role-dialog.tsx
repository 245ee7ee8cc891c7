import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useChangeRole } from '../api/members';
import { useSession } from '../api/session';
import type { Member, Role } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';

interface Props {
  readonly member: Member;
  readonly role: Pick<Role, 'id' | 'name'>;
  readonly onClose: () => void;
}

const RIGHTS: Readonly<Record<string, string>> = {
  Owner: 'An Owner can change everything, including the Owners.',
  Admin: 'An Admin can change keys, agents, settings and members, except Owners.',
  Member: 'A Member can view everything and change nothing.',
};

/** Confirms a change of role, which takes effect at once. */
export function ChangeRoleDialog({ member: { user_id, name, email, role: before }, role, onClose }: Props) {
  const { mutate: changeRole, isPending, error } = useChangeRole();
  const isSelf = useSession().user.id === user_id;
  const confirm = () =>
    changeRole(
      { user_id, role_id: role.id },
      {
        onSuccess: (changed) => {
          onClose();
          notifications.show({ message: `${changed.name} is now ${changed.role.name}.` });
        },
      },
    );
  return (
    <Dialog onClose={onClose} title={`Change role to ${role.name}?`}>
      <Stack>
        <Text size="sm" className="name">
          <strong>{name}</strong> ({email}) has the {before.name} role now. {RIGHTS[role.name]}
        </Text>
        <Text size="sm">
          {isSelf ? 'This is your own role: you are' : 'They are'} signed out immediately. The new role applies from the
          next sign-in.
        </Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button onClick={confirm} loading={isPending}>
            Change role
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

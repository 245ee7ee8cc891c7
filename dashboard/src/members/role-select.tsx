import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { rolesQuery, useChangeRole } from '../api/members';
import { useMayChange } from '../api/session';
import type { Member } from '../api/wire';
import { sentenceOf } from '../shell/problem';

export function RoleSelect({ member }: { readonly member: Member }) {
  const { data: roles = [member.role] } = useQuery(rolesQuery);
  const { mutate: changeRole, isPending } = useChangeRole();
  const mayChange = useMayChange();
  if (!mayChange) return member.role.name;
  const choose = (role_id: string | null) => {
    if (role_id === null || role_id === member.role.id) return;
    changeRole(
      { user_id: member.user_id, role_id },
      {
        onSuccess: ({ name, role }) => notifications.show({ message: `${name} is ${role.name} now.` }),
        onError: (error) => notifications.show({ color: 'red', title: "That didn't work", message: sentenceOf(error) }),
      },
    );
  };
  return (
    <Select
      aria-label={`Role of ${member.name}`}
      data={roles.map(({ id, name }) => ({ value: id, label: name }))}
      value={member.role.id}
      onChange={choose}
      disabled={isPending}
      allowDeselect={false}
      size="xs"
      w={130}
    />
  );
}

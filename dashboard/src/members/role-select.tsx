import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rolesQuery } from '../api/members';
import { useMayChange } from '../api/session';
import type { Member, Role } from '../api/wire';
import { ChangeRoleDialog } from './change-role-dialog';

export function RoleSelect({ member }: { readonly member: Member }) {
  const { data: roles = [member.role] } = useQuery(rolesQuery);
  const [wanted, setWanted] = useState<Pick<Role, 'id' | 'name'>>();
  const mayChange = useMayChange();
  if (!mayChange) return member.role.name;
  const choose = (id: string | null) => setWanted(roles.find((role) => role.id === id && id !== member.role.id));
  return (
    <>
      <Select
        aria-label={`Role of ${member.name}`}
        data={roles.map(({ id, name }) => ({ value: id, label: name }))}
        value={member.role.id}
        onChange={choose}
        allowDeselect={false}
        size="xs"
        w={104}
      />
      {wanted && <ChangeRoleDialog member={member} role={wanted} onClose={() => setWanted(undefined)} />}
    </>
  );
}

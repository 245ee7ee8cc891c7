import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { rolesQuery, useAddMember } from '../api/members';
import { Problem } from '../shell/problem';

export function AddMemberDialog({ onClose }: { readonly onClose: () => void }) {
  const { data: roles = [] } = useQuery(rolesQuery);
  const { mutate: add, isPending, error } = useAddMember();
  const form = useForm({
    initialValues: { email: '', name: '', role_id: '' },
    validate: {
      email: (email) => (/^\S+@[^\s@]+$/.test(email) ? null : 'Enter an e-mail address.'),
      role_id: (role) => (role ? null : 'Choose a role.'),
    },
  });
  return (
    <Modal opened onClose={onClose} title="Add member" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        noValidate
        onSubmit={form.onSubmit(({ email, name, role_id }) =>
          add({ email, role_id, ...(name.trim() && { name: name.trim() }) }, { onSuccess: onClose }),
        )}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            They sign in with the link that your own site gives them, under this e-mail address.
          </Text>
          <TextInput type="email" label="E-mail" required data-autofocus {...form.getInputProps('email')} />
          <TextInput label="Name" placeholder="The part before the @" maxLength={200} {...form.getInputProps('name')} />
          <Select
            label="Role"
            required
            data={roles.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('role_id')}
          />
          {error && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

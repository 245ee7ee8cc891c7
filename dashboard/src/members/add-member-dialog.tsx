import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { rolesQuery, useAddMember } from '../api/members';
import { Dialog } from '../shell/dialog';
import { FormProblem } from '../shell/form-problem';
import { problemsByField } from '../text/field-problems';

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
  const onError = (failure: Error) => form.setErrors(problemsByField(failure));
  return (
    <Dialog isDirty={form.isDirty()} onClose={onClose} title="Add member">
      <form
        noValidate
        onSubmit={form.onSubmit(({ email, name, role_id }) =>
          add({ email, role_id, ...(name.trim() && { name: name.trim() }) }, { onSuccess: onClose, onError }),
        )}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            They sign in through a link from your site, with this e-mail address.
          </Text>
          <TextInput type="email" label="E-mail" required data-autofocus {...form.getInputProps('email')} />
          <TextInput label="Name" placeholder="The part before the @" maxLength={200} {...form.getInputProps('name')} />
          <Select
            label="Role"
            required
            data={roles.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('role_id')}
          />
          <FormProblem error={error} fields={form.values} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Add member
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

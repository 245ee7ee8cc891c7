import { Button, Group, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAddAgent, useChangeAgent } from '../api/agents';
import type { Agent } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { FormProblem } from '../shell/form-problem';
import { problemsByField } from '../text/field-problems';

interface Props {
  /** Undefined for a new agent. */
  readonly agent: Agent | undefined;
  readonly onClose: () => void;
}

const STATUSES = [
  { value: 'active', label: 'Active' },
  { value: 'paused', label: 'Paused' },
];

export function AgentDialog({ agent, onClose }: Props) {
  const add = useAddAgent();
  const change = useChangeAgent();
  const form = useForm({
    initialValues: {
      name: agent?.name ?? '',
      voice_id: agent?.voice_id ?? '',
      greeting: agent?.greeting ?? '',
      prompt: agent?.prompt ?? '',
      status: agent?.status ?? 'active',
    },
    validate: { name: (name) => (name.trim() ? null : 'Enter a name.') },
  });
  const onError = (failure: Error) => form.setErrors(problemsByField(failure));
  const save = ({ name, voice_id, greeting, prompt, status }: typeof form.values) => {
    const settings = {
      name: name.trim(),
      voice_id: voice_id || null,
      greeting: greeting || null,
      prompt: prompt || null,
    };
    if (agent) change.mutate({ id: agent.id, ...settings, status }, { onSuccess: onClose, onError });
    else add.mutate(settings, { onSuccess: onClose, onError });
  };
  const error = add.error ?? change.error;
  return (
    <Dialog isDirty={form.isDirty()} onClose={onClose} title={agent ? `Edit ${agent.name}` : 'New agent'} size="lg">
      <form noValidate onSubmit={form.onSubmit(save)}>
        <Stack>
          <TextInput label="Name" required maxLength={100} data-autofocus {...form.getInputProps('name')} />
          <TextInput
            label="Voice"
            description="The id of its voice."
            maxLength={100}
            {...form.getInputProps('voice_id')}
          />
          <Textarea label="Greeting" maxLength={500} autosize minRows={2} {...form.getInputProps('greeting')} />
          <Textarea
            label="Prompt"
            maxLength={20_000}
            autosize
            minRows={4}
            maxRows={14}
            {...form.getInputProps('prompt')}
          />
          {agent && <SegmentedControl data={STATUSES} aria-label="Status" {...form.getInputProps('status')} />}
          <FormProblem error={error} fields={form.values} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending}>
              {agent ? 'Save changes' : 'Create agent'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

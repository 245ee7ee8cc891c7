import { Textarea, TextInput } from '@mantine/core';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

export function NameSection({ form, isReadOnly = false }: { readonly form: KeyForm; readonly isReadOnly?: boolean }) {
  return (
    <Section title="Name and description">
      <TextInput
        label="Name"
        placeholder="Production backend"
        {...(!isReadOnly && {
          description: 'Say what uses the key, so that others know what stops when it is revoked.',
        })}
        maxLength={100}
        required={!isReadOnly}
        {...form.getInputProps('name')}
      />
      <Textarea
        label="Description"
        placeholder={isReadOnly ? 'None' : 'Optional'}
        maxLength={500}
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
    </Section>
  );
}

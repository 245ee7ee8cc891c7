import { Textarea, TextInput } from '@mantine/core';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

export function NameSection({ form }: { readonly form: KeyForm }) {
  return (
    <Section title="What it is for">
      <TextInput
        label="Name"
        placeholder="Production backend"
        description="What uses it, so that everybody knows what stops when it is revoked."
        maxLength={100}
        required
        {...form.getInputProps('name')}
      />
      <Textarea
        label="Description"
        placeholder="Optional"
        maxLength={500}
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
    </Section>
  );
}

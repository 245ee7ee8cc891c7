import { Alert, Radio, Stack } from '@mantine/core';
import { WarningIcon } from '../shell/icons';
import { isFull } from './key-draft';
import { ScopeGrid } from './scope-grid';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

export function AccessSection({ form }: { readonly form: KeyForm }) {
  const { sort, scopes } = form.values;
  return (
    <Section title="Access" hint="Grant what it needs and no more: it can be edited at any time.">
      {sort === 'bearer' && (
        <Radio.Group aria-label="Access" {...form.getInputProps('access')}>
          <Stack gap="xs">
            <Radio value="scoped" label="Custom scopes" description="Only the resources and actions chosen below." />
            <Radio value="full" label="Full access" description="Every endpoint, without restriction." />
          </Stack>
        </Radio.Group>
      )}
      {isFull(form.values) ? (
        <Alert color="orange" variant="light" icon={<WarningIcon />} title="This key can do everything">
          Whoever has it can read and delete all data of this organization. Use it only where scopes can't be named.
        </Alert>
      ) : (
        <ScopeGrid
          audience={sort === 'key_secret' ? 'agent' : 'org'}
          value={scopes}
          onChange={(value) => form.setFieldValue('scopes', value)}
          error={form.errors['scopes']}
        />
      )}
    </Section>
  );
}

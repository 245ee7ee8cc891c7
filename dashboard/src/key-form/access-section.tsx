import { Alert, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffectivePolicy } from '../api/key-policy';
import { scopesQuery } from '../api/scopes';
import { WarningIcon } from '../shell/icons';
import { isFull, scopesOf } from './key-draft';
import { fullAccessProblem, scopesHint } from './policy-limits';
import { ScopeGrid } from './scope-grid';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

interface Props {
  readonly form: KeyForm;
  /** Shows only the granted access, without controls. */
  readonly isReadOnly?: boolean;
}

export function AccessSection({ form, isReadOnly = false }: Props) {
  const { kind } = form.values;
  const { data: catalogue } = useQuery(scopesQuery);
  const policy = useEffectivePolicy();
  const forbidden = fullAccessProblem(policy);
  const ceiling = scopesHint(policy);
  const hasServices = (catalogue?.services.length ?? 0) > 0;
  return (
    <Section
      title="Access"
      {...(!isReadOnly && { hint: 'Grant only what it needs. You can change this at any time.' })}
    >
      {kind === 'bearer' && (
        <Radio.Group aria-label="Access" {...form.getInputProps('access')}>
          <Stack gap="xs">
            <Radio value="scoped" label="Custom scopes" description="Only the resources and actions chosen below." />
            <Radio
              value="full"
              label="Full access"
              disabled={forbidden !== undefined && !isFull(form.values)}
              description={
                forbidden ??
                (hasServices
                  ? 'Every endpoint of the API, and of the services declared so far.'
                  : 'Every endpoint, without restriction.')
              }
            />
          </Stack>
        </Radio.Group>
      )}
      {ceiling && !isReadOnly && (
        <Text size="sm" c="dimmed">
          {ceiling}
        </Text>
      )}
      {isFull(form.values) ? (
        <Alert color="orange" variant="light" icon={<WarningIcon />} title="This key can do everything">
          Anyone who has it can read and delete all data of this organization. Use scopes wherever you can.
        </Alert>
      ) : (
        <ScopeGrid
          key={kind}
          audience={kind === 'key_secret' ? 'agent' : 'org'}
          value={scopesOf(form.values)}
          onChange={(value) => form.setFieldValue(kind === 'key_secret' ? 'agent_scopes' : 'scopes', value)}
          isReadOnly={isReadOnly}
          error={form.errors['scopes']}
        />
      )}
    </Section>
  );
}

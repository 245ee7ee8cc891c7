import { Button, Group, Input, NumberInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { signInAddressQuery } from '../api/audit';
import { useEffectivePolicy } from '../api/key-policy';
import { useSession } from '../api/session';
import { EntryList } from './entry-list';
import { validateAddress } from './validate-address';
import { validateOrigin } from './validate-origin';
import { addressesHint, expiryChoices, expiryHint } from './policy-limits';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

/** Allowed addresses and origins, rate limits and expiry. */
export function LimitsSection({ form, isReadOnly = false }: { readonly form: KeyForm; readonly isReadOnly?: boolean }) {
  return (
    <Section title="Limits" {...(!isReadOnly && { hint: 'All of them are optional.' })}>
      <ExpiryField form={form} />
      <AddressesField form={form} isReadOnly={isReadOnly} />
      {form.values.kind === 'event' && (
        <EntryList
          label="Allowed origins"
          description="Domains whose pages may use the key, such as example.com or *.example.com. Empty: any."
          validate={validateOrigin}
          {...form.getInputProps('allowed_origins')}
        />
      )}
      <RateFields form={form} isReadOnly={isReadOnly} />
    </Section>
  );
}

function ExpiryField({ form }: { readonly form: KeyForm }) {
  const policy = useEffectivePolicy();
  const { kind, expiry } = form.values;
  const words = [
    'The key stops working then.',
    kind === 'event' ? "You can't change this later." : '',
    expiryHint(policy),
  ];
  return (
    <Input.Wrapper label="Expires" labelElement="div" description={words.filter(Boolean).join(' ')}>
      <Stack gap="xs" mt={6}>
        <SegmentedControl data={expiryChoices(policy, expiry)} aria-label="Expires" {...form.getInputProps('expiry')} />
        {expiry === 'date' && (
          <TextInput
            type="date"
            label="Expiry date"
            description="The key works until the end of this day."
            maw={220}
            {...form.getInputProps('expiry_date')}
          />
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function AddressesField({ form, isReadOnly }: { readonly form: KeyForm; readonly isReadOnly: boolean }) {
  const { user } = useSession();
  const { data: own } = useQuery(signInAddressQuery(user.id));
  const { allowed_ips: addresses } = form.values;
  const required = addressesHint(useEffectivePolicy());
  return (
    <Stack gap={6}>
      <EntryList
        label="Allowed IP addresses"
        description={`Addresses or ranges, such as 203.0.113.7 or 10.0.0.0/8. ${required || 'Empty: any.'}`}
        validate={validateAddress}
        {...(isReadOnly && { none: 'Any' })}
        {...form.getInputProps('allowed_ips')}
      />
      {!isReadOnly && own && !addresses.includes(own) && (
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            title="The address that you signed in from"
            onClick={() => form.setFieldValue('allowed_ips', [...addresses, own])}
          >
            Add my current address, {own}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function RateFields({ form, isReadOnly }: { readonly form: KeyForm; readonly isReadOnly: boolean }) {
  const isPair = form.values.kind === 'key_secret';
  const bounds = {
    min: 1,
    allowDecimal: false,
    allowNegative: false,
    thousandSeparator: ',',
    clampBehavior: 'none',
    hideControls: isReadOnly,
  } as const;
  return (
    <Group grow align="flex-start">
      <NumberInput
        label="Requests per minute"
        description="1 to 1,000"
        placeholder={isPair ? '60' : '1,000'}
        {...bounds}
        {...form.getInputProps('per_minute')}
      />
      <NumberInput
        label="Requests per hour"
        description="1 to 10,000"
        placeholder={isPair ? '1,000' : '10,000'}
        {...bounds}
        {...form.getInputProps('per_hour')}
      />
    </Group>
  );
}

import { Alert, Button, Checkbox, Group, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scopesQuery } from '../api/scopes';
import { useSession } from '../api/session';
import type { KeyPolicy, KeyPolicySettings, PolicyRule } from '../api/wire';
import { scopesOf } from '../key-form/scope-groups';
import { Section } from '../key-form/section';
import { ButtonForm } from '../shell/button-form';
import { Editable } from '../shell/editable';
import { InfoIcon } from '../shell/icons';
import { UnsavedWork } from '../shell/unsaved-work';
import { When } from '../text/when';
import { type PolicyDraft, policyDraftOf, policyOf, validatePolicy } from './policy-draft';
import { LEVEL_WORDS, ruleWords } from './policy-words';
import { SavePolicyDialog } from './save-policy-dialog';

type Form = UseFormReturnType<PolicyDraft>;

/** The organization's own rules, which Owners set. */
export function PolicyForm({ policy }: { readonly policy: KeyPolicy }) {
  const { own, updated_at, updated_by } = policy;
  const isOwner = useSession().role.name === 'Owner';
  const form: Form = useForm<PolicyDraft>({ initialValues: policyDraftOf(own), validate: validatePolicy });
  const [asked, setAsked] = useState<KeyPolicySettings>();
  const saved = ({ own: now }: KeyPolicy) => {
    setAsked(undefined);
    form.setInitialValues(policyDraftOf(now));
    form.setValues(policyDraftOf(now));
  };
  return (
    <ButtonForm onSubmit={form.onSubmit((draft) => setAsked(policyOf(draft, own)))}>
      <UnsavedWork isDirty={form.isDirty()} />
      <Editable isOpen={isOwner}>
        <Section
          title="Rules of this organization"
          hint="An empty field is no rule. Rules of the partner and the installation count too."
        >
          {!isOwner && (
            <Alert variant="light" color="blue" icon={<InfoIcon />}>
              Only Owners can change these rules.
            </Alert>
          )}
          <LifetimeFields form={form} policy={policy} />
          <AccessFields form={form} policy={policy} />
          <NumberFields form={form} policy={policy} />
          <TextInput
            type="date"
            label="Deny existing keys from"
            description="From the start of this day, existing keys that break one of these rules are denied. Empty: they go on working, and are only listed."
            maw={420}
            {...form.getInputProps('enforce_from')}
          />
          {isOwner && (
            <Group>
              <Button type="submit" disabled={!form.isDirty()}>
                Review and save
              </Button>
              <Button variant="default" disabled={!form.isDirty()} onClick={form.reset}>
                Discard
              </Button>
            </Group>
          )}
          {updated_at && (
            <Text size="sm" c="dimmed">
              Last changed <When at={updated_at} as="relative" />
              {updated_by && ` by ${updated_by}`}.
            </Text>
          )}
        </Section>
      </Editable>
      {asked && (
        <SavePolicyDialog
          policy={asked}
          onClose={() => setAsked(undefined)}
          onSaved={saved}
          onRefused={(errors) => {
            setAsked(undefined);
            form.setErrors(errors);
          }}
        />
      )}
    </ButtonForm>
  );
}

interface FieldsProps {
  readonly form: Form;
  readonly policy: KeyPolicy;
}

/** What a wider place sets for the rule, if anything. */
function widerHint({ effective }: KeyPolicy, rule: PolicyRule): string {
  const set = effective[rule];
  const words = ruleWords(rule, effective);
  if (set === undefined || set.set_by === 'org' || words === undefined) return '';
  return ` Set by ${LEVEL_WORDS[set.set_by]}: ${words.charAt(0).toLowerCase() + words.slice(1)}.`;
}

function LifetimeFields({ form, policy }: FieldsProps) {
  const days = {
    min: 1,
    max: 36_500,
    allowDecimal: false,
    allowNegative: false,
    clampBehavior: 'none',
    suffix: ' days',
  } as const;
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <NumberInput
        label="Longest lifetime"
        description={`From creation or rotation to expiry.${widerHint(policy, 'max_lifetime_days')}`}
        placeholder="No limit"
        miw={220}
        {...days}
        {...form.getInputProps('max_lifetime_days')}
      />
      <NumberInput
        label="Default lifetime"
        description={`For new keys that name no expiry.${widerHint(policy, 'default_lifetime_days')}`}
        placeholder="90 days in the dashboard"
        miw={220}
        {...days}
        {...form.getInputProps('default_lifetime_days')}
      />
    </Group>
  );
}

const FLAGS = [
  { rule: 'expiry_required', label: 'Require an expiry', hint: 'Keys must expire at some time.' },
  { rule: 'full_access_forbidden', label: 'Forbid full access', hint: 'Keys must have scopes.' },
  {
    rule: 'ip_list_required',
    label: 'Require allowed IP addresses',
    hint: 'Keys must list where they are used. Event keys may list domains instead.',
  },
] as const;

function AccessFields({ form, policy }: FieldsProps) {
  const { data: catalogue } = useQuery(scopesQuery);
  return (
    <>
      <Stack gap="xs">
        {FLAGS.map(({ rule, label, hint }) => (
          <Checkbox
            key={rule}
            label={label}
            description={hint + widerHint(policy, rule)}
            {...form.getInputProps(rule, { type: 'checkbox' })}
          />
        ))}
      </Stack>
      <MultiSelect
        label="Allowed scopes"
        description={`The only scopes that keys may have.${widerHint(policy, 'scope_ceiling')}`}
        placeholder={form.values.scope_ceiling.length === 0 ? 'Any' : ''}
        data={[...new Set([...(catalogue?.items.flatMap(scopesOf) ?? []), ...form.values.scope_ceiling])]}
        searchable
        limit={100}
        nothingFoundMessage="No scopes match"
        comboboxProps={{ withinPortal: false }}
        {...form.getInputProps('scope_ceiling')}
      />
    </>
  );
}

function NumberFields({ form, policy }: FieldsProps) {
  const number = { allowDecimal: false, allowNegative: false, clampBehavior: 'none', thousandSeparator: ',' } as const;
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <NumberInput
        label="Most active keys"
        description={`Keys above it go on working, and no key can be added.${widerHint(policy, 'max_active_keys')}`}
        placeholder="No limit"
        miw={220}
        {...number}
        {...form.getInputProps('max_active_keys')}
      />
      <NumberInput
        label="Suspend idle keys after"
        description={`Days without requests.${widerHint(policy, 'suspend_idle_after_days')}`}
        placeholder="Never"
        suffix=" days"
        miw={220}
        {...number}
        min={1}
        {...form.getInputProps('suspend_idle_after_days')}
      />
    </Group>
  );
}

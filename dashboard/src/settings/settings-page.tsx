import '../form-styles';
import { Box, Button, Checkbox, Group, Radio, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { orgQuery, useChangeOrg } from '../api/org';
import { useMayChange, useSession } from '../api/session';
import type { OnExposed, Org } from '../api/wire';
import { Section } from '../key-form/section';
import { ButtonForm } from '../shell/button-form';
import { Editable } from '../shell/editable';
import { FormProblem } from '../shell/form-problem';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { UnsavedWork } from '../shell/unsaved-work';
import { problemsByField } from '../text/field-problems';
import { When } from '../text/when';
import { RevokeAllSection } from './revoke-all';

const ON_EXPOSED: readonly { value: OnExposed; label: string; hint: string }[] = [
  { value: 'suspend', label: 'Suspend it', hint: 'Its requests are denied until someone resumes it.' },
  { value: 'revoke', label: 'Revoke it', hint: "Its requests are denied for good. You can't undo this." },
  { value: 'tell', label: 'Only send a mail', hint: 'It goes on working for everyone who has it.' },
];

export function SettingsPage() {
  const { data: org, error, refetch } = useQuery(orgQuery);
  const isOwner = useSession().role.name === 'Owner';
  return (
    <>
      <PageHeader title="Organization" description="Organization profile and AI instructions." />
      <MemberNotice what="these settings" />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!org && !error && <Skeleton h={320} radius="lg" aria-label="Loading the organization" />}
      {org && <OrgForm org={org} />}
      {org && isOwner && (
        <Box mt="md">
          <RevokeAllSection orgName={org.name} />
        </Box>
      )}
    </>
  );
}

function OrgForm({ org }: { readonly org: Org }) {
  const { mutate: change, isPending, error } = useChangeOrg();
  const mayChange = useMayChange();
  const form = useForm({
    initialValues: {
      name: org.name,
      website: org.website ?? '',
      language: org.language,
      ai_instructions: org.ai_instructions ?? '',
      weekly_key_report: org.weekly_key_report,
      expiry_notices: org.expiry_notices,
      idle_notices: org.idle_notices,
      on_exposed: org.on_exposed,
    },
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name.'),
      website: (url) => (url === '' || /^https?:\/\/\S+$/.test(url) ? null : 'Begin with https:// or http://.'),
    },
  });
  const save = ({ name, website, ai_instructions, ...others }: typeof form.values) =>
    change(
      { name: name.trim(), website: website || null, ai_instructions: ai_instructions || null, ...others },
      {
        onSuccess: () => {
          form.resetDirty();
          notifications.show({ message: 'Saved.' });
        },
        onError: (failure) => form.setErrors(problemsByField(failure)),
      },
    );
  return (
    <ButtonForm onSubmit={form.onSubmit(save)}>
      <UnsavedWork isDirty={form.isDirty()} />
      <Editable isOpen={mayChange}>
        <Section title="Profile">
          <TextInput label="Name" required maxLength={200} {...form.getInputProps('name')} />
          <TextInput
            type="url"
            label="Website"
            placeholder="https://www.example.com"
            maxLength={2_048}
            {...form.getInputProps('website')}
          />
          <TextInput
            label="Language"
            description="A language tag, such as en or pt-BR."
            maxLength={35}
            maw={220}
            {...form.getInputProps('language')}
          />
        </Section>
        <Section title="AI instructions" hint="Rules that the AI follows in every conversation.">
          <Textarea
            aria-label="AI instructions"
            maxLength={20_000}
            autosize
            minRows={4}
            maxRows={16}
            {...form.getInputProps('ai_instructions')}
          />
        </Section>
        <Section title="Mail">
          <Checkbox
            label="Weekly report on API keys"
            description="Owners get a mail each Monday with the keys that need attention."
            {...form.getInputProps('weekly_key_report', { type: 'checkbox' })}
          />
          <Checkbox
            label="Keys that expire soon"
            description="Owners, Admins and the creator of a key get a mail 30, 14, 7 and 1 days before it expires."
            {...form.getInputProps('expiry_notices', { type: 'checkbox' })}
          />
          <Checkbox
            label="Idle keys"
            description="They get a mail about a key that makes no requests for 90 days."
            {...form.getInputProps('idle_notices', { type: 'checkbox' })}
          />
        </Section>
        <Section title="Exposed keys" hint="What happens to a key that is found in public, such as in a repository.">
          <Radio.Group aria-label="Exposed keys" {...form.getInputProps('on_exposed')}>
            <Stack gap="xs">
              {ON_EXPOSED.map(({ value, label, hint }) => (
                <Radio key={value} value={value} label={label} description={hint} />
              ))}
            </Stack>
          </Radio.Group>
        </Section>
        <Text size="sm" c="dimmed">
          Organization ID <span className="mono">{org.id}</span>
          {org.external_id && (
            <>
              {' '}
              · ID at the partner <span className="mono">{org.external_id}</span>
            </>
          )}{' '}
          · Created <When at={org.created_at} as="date" />
        </Text>
        <FormProblem error={error} fields={form.values} />
        {mayChange && (
          <Group>
            <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
              Save changes
            </Button>
          </Group>
        )}
      </Editable>
    </ButtonForm>
  );
}

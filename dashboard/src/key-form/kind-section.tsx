import { Anchor, Radio, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agentsQuery } from '../api/agents';
import { scopesQuery } from '../api/scopes';
import { TYPE_LABELS } from '../text/key-words';
import { type Choice, ChoiceCards } from './choice-cards';
import { EVENT_TYPES, type KeyKind } from './key-draft';
import { Section } from './section';
import type { KeyForm } from './use-key-form';

const KINDS: readonly Choice<KeyKind>[] = [
  { value: 'bearer', label: 'Bearer key', hint: 'For your servers. Sent in the Authorization header.' },
  { value: 'key_secret', label: 'Key + secret', hint: 'For one AI agent and its data. Sent in two headers.' },
  {
    value: 'event',
    label: 'Event key',
    hint: 'For an integration that only posts events of one type.',
  },
];

const TYPES = {
  client: 'Events of the client or the CRM workspace: action buttons, workspace events.',
  openconnect: 'Events that come through OpenConnect.',
  queue_adapter: 'Events of the QueueAdapter.',
  telephony: 'Events and actions of the older media bar.',
} as const;

/** Selects the kind of key, which can't be changed later. */
export function KindSection({ form }: { readonly form: KeyForm }) {
  const { kind } = form.values;
  const { data: catalogue } = useQuery(scopesQuery);
  const hasAgentScopes = catalogue?.items.some(({ audience }) => audience === 'agent') ?? true;
  const kinds = KINDS.filter(({ value }) => value !== 'key_secret' || hasAgentScopes);
  const choose = (value: KeyKind) => form.setFieldValue('kind', value);
  return (
    <Section title="Kind" hint="Can't be changed later.">
      <ChoiceCards label="Kind of key" choices={kinds} value={kind} onChange={choose} />
      {kind === 'key_secret' && <AgentField form={form} />}
      {kind === 'event' && (
        <Radio.Group label="Type" {...form.getInputProps('type')}>
          <Stack gap="xs" mt="xs">
            {EVENT_TYPES.map((type) => (
              <Radio key={type} value={type} label={TYPE_LABELS[type]} description={TYPES[type]} />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Section>
  );
}

function AgentField({ form }: { readonly form: KeyForm }) {
  const { data } = useInfiniteQuery(agentsQuery);
  const agents = data?.pages.flatMap(({ items }) => items) ?? [];
  if (data && agents.length === 0) {
    return (
      <Text size="sm">
        There is no agent yet that a key could act for.{' '}
        <Anchor component={Link} to="/agents" size="sm" td="underline">
          Create one first
        </Anchor>
        .
      </Text>
    );
  }
  return (
    <Select
      label="Agent"
      description="The key works for this agent only."
      placeholder="Choose an agent"
      data={agents.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      required
      comboboxProps={{ withinPortal: false }}
      {...form.getInputProps('agent_id')}
    />
  );
}

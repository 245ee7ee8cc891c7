import '../form-styles';
import { Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery } from '../api/agents';
import type { Agent } from '../api/wire';
import type { KeyMark } from '../keys/key-marks';
import { MarkBadges } from '../keys/mark-badges';
import { ChangeButton } from '../shell/change-button';
import { EmptyState } from '../shell/empty-state';
import { AgentIcon, PlusIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { MoreButton } from '../shell/more-button';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { RecordCell, RecordRow, RecordTable } from '../shell/record-table';
import { When } from '../text/when';
import { AgentDialog } from './agent-dialog';
import { RemoveAgentDialog } from './remove-agent-dialog';

const STATUS_MARKS: Readonly<Record<Agent['status'], KeyMark>> = {
  active: { label: 'Active', color: 'green', hint: 'It answers messages.' },
  paused: { label: 'Paused', color: 'gray', hint: 'It does not answer until it is active again.' },
};

export function AgentsPage() {
  const { data, error, refetch, ...pages } = useInfiniteQuery(agentsQuery);
  const [edited, setEdited] = useState<Agent | 'new'>();
  const [leaving, setLeaving] = useState<Agent>();
  const agents = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeader
        title="Agents"
        description="The AI agents of this organization. A key with a secret acts for one of them."
      >
        <ChangeButton leftSection={<PlusIcon size={16} />} onClick={() => setEdited('new')}>
          New agent
        </ChangeButton>
      </PageHeader>
      <MemberNotice what="every agent" />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!agents && !error && <Skeleton h={200} radius="lg" aria-label="Loading agents" />}
      {agents?.length === 0 && (
        <div className="surface">
          <EmptyState icon={<AgentIcon size={24} />} title="No agents yet">
            Create one, then create a key with a secret for it. That key accesses only this agent's data.
          </EmptyState>
        </div>
      )}
      {agents && agents.length > 0 && (
        <RecordTable label="Agents" columns={['Agent', 'Status', 'Created', ['Actions']]}>
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} onEdit={() => setEdited(agent)} onRemove={() => setLeaving(agent)} />
          ))}
        </RecordTable>
      )}
      <MoreButton {...pages} />
      {edited && <AgentDialog agent={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {leaving && <RemoveAgentDialog agent={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

interface RowProps {
  readonly agent: Agent;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function AgentRow({ agent, onEdit, onRemove }: RowProps) {
  return (
    <RecordRow>
      <RecordCell place="line">
        <Text size="sm" fw={600}>
          {agent.name}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} maw={420}>
          {agent.greeting ?? 'No greeting'}
        </Text>
      </RecordCell>
      <RecordCell>
        <MarkBadges marks={[STATUS_MARKS[agent.status]]} />
      </RecordCell>
      <RecordCell className="time" label="Created">
        <When at={agent.created_at} as="date" />
      </RecordCell>
      <RecordCell place="end">
        <ChangeButton variant="subtle" size="compact-sm" onClick={onEdit}>
          Edit<span className="visually-hidden"> {agent.name}</span>
        </ChangeButton>
        <ChangeButton variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
          Delete<span className="visually-hidden"> {agent.name}</span>
        </ChangeButton>
      </RecordCell>
    </RecordRow>
  );
}

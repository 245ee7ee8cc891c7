import '../form-styles';
import { Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { webhooksQuery } from '../api/webhooks';
import type { NewWebhook, Webhook } from '../api/wire';
import linkClasses from '../keys/key-link.module.css';
import { MarkBadges } from '../keys/mark-badges';
import { ChangeButton } from '../shell/change-button';
import { EmptyState } from '../shell/empty-state';
import { PlusIcon, WebhookIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { MoreButton } from '../shell/more-button';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { RecordCell, RecordRow, RecordTable } from '../shell/record-table';
import { When } from '../text/when';
import { eventWords } from './event-groups';
import { SecretDialog } from './secret-dialog';
import { WebhookDialog } from './webhook-dialog';
import { markOf } from './webhook-marks';

export function WebhooksPage() {
  const { data, error, refetch, ...pages } = useInfiniteQuery(webhooksQuery);
  const [isAdding, add] = useDisclosure();
  const [made, setMade] = useState<NewWebhook>();
  const navigate = useNavigate();
  const webhooks = data?.pages.flatMap(({ items }) => items);
  const open = (id: string) => {
    setMade(undefined);
    void navigate({ to: '/webhooks/$webhookId', params: { webhookId: id } });
  };
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Endpoints that are told when keys, members or settings of this organization change."
      >
        <ChangeButton leftSection={<PlusIcon size={16} />} onClick={add.open}>
          New endpoint
        </ChangeButton>
      </PageHeader>
      <MemberNotice what="every endpoint and its deliveries" />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!webhooks && !error && <Skeleton h={200} radius="lg" aria-label="Loading webhook endpoints" />}
      {webhooks?.length === 0 && (
        <div className="surface">
          <EmptyState icon={<WebhookIcon size={24} />} title="No webhook endpoints yet">
            Create one to learn at once when a key is created, expires, is suspended or is found in public. Events are
            signed, and sent again until your endpoint accepts them.
          </EmptyState>
        </div>
      )}
      {webhooks && webhooks.length > 0 && (
        <RecordTable label="Webhook endpoints" columns={['Endpoint', 'Events', 'Status', 'Created']}>
          {webhooks.map((webhook) => (
            <WebhookRow key={webhook.id} shown={webhook} />
          ))}
        </RecordTable>
      )}
      <MoreButton {...pages} />
      {isAdding && (
        <WebhookDialog
          webhook={undefined}
          onClose={add.close}
          onCreated={(created) => {
            add.close();
            setMade(created);
          }}
        />
      )}
      {made && <SecretDialog made={made} onStored={() => open(made.id)} />}
    </>
  );
}

function WebhookRow({ shown }: { readonly shown: Webhook }) {
  return (
    <RecordRow>
      <RecordCell place="line">
        <Link to="/webhooks/$webhookId" params={{ webhookId: shown.id }} className={linkClasses['link']!}>
          {shown.url}
        </Link>
        {shown.description && (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {shown.description}
          </Text>
        )}
      </RecordCell>
      <RecordCell>
        <Text size="sm">{eventWords(shown.events)}</Text>
      </RecordCell>
      <RecordCell>
        <MarkBadges marks={[markOf(shown)]} />
      </RecordCell>
      <RecordCell className="time" label="Created">
        <When at={shown.created_at} as="date" />
      </RecordCell>
    </RecordRow>
  );
}

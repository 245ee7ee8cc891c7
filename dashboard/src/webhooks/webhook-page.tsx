import '../form-styles';
import { Anchor, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRemoveWebhook, useTestWebhook, webhookQuery } from '../api/webhooks';
import type { Webhook } from '../api/wire';
import { MarkBadges } from '../keys/mark-badges';
import backClasses from '../new-key/new-key-page.module.css';
import { ChangeButton } from '../shell/change-button';
import { BackIcon, EditIcon, RemoveIcon, RotateIcon, TestIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { TypedConfirmation } from '../shell/typed-confirmation';
import { DeliveriesSection } from './deliveries-section';
import { DisabledNotice } from './disabled-notice';
import { RotateSecretDialog } from './rotate-secret-dialog';
import { WebhookDialog } from './webhook-dialog';
import { WebhookFacts } from './webhook-facts';
import { markOf } from './webhook-marks';
import classes from './webhook-page.module.css';

const route = getRouteApi('/webhooks/$webhookId');

export function WebhookPage() {
  const { webhookId } = route.useParams();
  const { data: webhook, error, refetch } = useQuery(webhookQuery(webhookId));
  return (
    <>
      <Anchor component={Link} to="/webhooks" size="sm" className={backClasses['back']!}>
        <BackIcon size={16} /> Webhooks
      </Anchor>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!webhook && !error && <Skeleton h={320} radius="lg" aria-label="Loading the endpoint" />}
      {webhook && <Endpoint shown={webhook} />}
    </>
  );
}

function Endpoint({ shown }: { readonly shown: Webhook }) {
  const [dialog, setDialog] = useState<'edit' | 'rotate' | 'remove'>();
  const close = () => setDialog(undefined);
  return (
    <>
      <PageHeader
        title={hostOf(shown.url)}
        description={shown.description ?? undefined}
        marks={<MarkBadges marks={[markOf(shown)]} />}
      >
        {shown.is_enabled && <TestButton id={shown.id} />}
        <ChangeButton variant="default" leftSection={<EditIcon size={16} />} onClick={() => setDialog('edit')}>
          Edit
        </ChangeButton>
        <ChangeButton variant="default" leftSection={<RotateIcon size={16} />} onClick={() => setDialog('rotate')}>
          {shown.signature === 'hmac' ? 'Rotate secret' : 'Rotate key'}
        </ChangeButton>
        <ChangeButton
          variant="outline"
          color="red"
          leftSection={<RemoveIcon size={16} />}
          onClick={() => setDialog('remove')}
        >
          Delete
        </ChangeButton>
      </PageHeader>
      <MemberNotice what="this endpoint and its deliveries" />
      {!shown.is_enabled && <DisabledNotice shown={shown} />}
      <div className={classes['columns']}>
        <DeliveriesSection webhook={shown} />
        <WebhookFacts shown={shown} />
      </div>
      {dialog === 'edit' && <WebhookDialog webhook={shown} onClose={close} />}
      {dialog === 'rotate' && <RotateSecretDialog webhook={shown} onClose={close} />}
      {dialog === 'remove' && <RemoveDialog shown={shown} onClose={close} />}
    </>
  );
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function TestButton({ id }: { readonly id: string }) {
  const { mutate: test, isPending } = useTestWebhook(id);
  const send = () =>
    test(undefined, {
      onSuccess: () => notifications.show({ message: 'A test event is on its way.' }),
      onError: (error) => notifications.show({ color: 'red', title: 'Test event not sent', message: error.message }),
    });
  return (
    <ChangeButton variant="default" leftSection={<TestIcon size={16} />} loading={isPending} onClick={send}>
      Send test event
    </ChangeButton>
  );
}

function RemoveDialog({ shown, onClose }: { readonly shown: Webhook; readonly onClose: () => void }) {
  const { mutate: remove, isPending, error } = useRemoveWebhook(shown.id);
  const navigate = useNavigate();
  const host = hostOf(shown.url);
  const confirm = () =>
    remove(undefined, {
      onSuccess: () => {
        onClose();
        notifications.show({ message: `The endpoint at ${host} is deleted.` });
        void navigate({ to: '/webhooks' });
      },
    });
  return (
    <TypedConfirmation
      title="Delete webhook endpoint"
      action="Delete endpoint"
      word={host}
      isPending={isPending}
      error={error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Nothing is sent to it any more, and its deliveries are deleted. You can't undo this.
    </TypedConfirmation>
  );
}

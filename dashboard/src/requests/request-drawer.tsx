import '@mantine/core/styles/Drawer.css';
import { ActionIcon, Drawer, Skeleton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { requestQuery } from '../api/requests';
import type { LoggedRequest } from '../api/request-types';
import { Method } from '../services/method';
import { useFocusReturn } from '../shell/dialog';
import { DownIcon, UpIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import classes from './request-drawer.module.css';
import { RequestFacts } from './request-facts';
import { RequestRefusal } from './request-refusal';
import { RequestStatus } from './request-status';

interface Props {
  readonly id: string;
  /** The row, if the list has it. */
  readonly known: LoggedRequest | undefined;
  readonly newerId: string | undefined;
  readonly olderId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
}

/** All of one request, and why it was denied. J and K step through the list, as the buttons do. */
export function RequestDrawer({ id, known, newerId, olderId, onOpen }: Props) {
  const { data = known, error, refetch } = useQuery({ ...requestQuery(id), enabled: known === undefined });
  useFocusReturn();
  const step = (to: string | undefined) => to !== undefined && onOpen(to);
  useHotkeys([
    ['j', () => step(olderId)],
    ['k', () => step(newerId)],
  ]);
  return (
    <Drawer.Root
      opened
      onClose={() => onOpen(undefined)}
      position="right"
      size={560}
      attributes={{ header: { role: 'presentation' } }}
      classNames={{
        content: classes['content']!,
        header: classes['header']!,
        title: classes['title']!,
        body: classes['body']!,
      }}
    >
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        <Drawer.Header>
          <Drawer.Title>{data ? <Title shown={data} /> : 'Request'}</Drawer.Title>
          <div className={classes['steps']}>
            <Step label="Newer request" to={newerId} onStep={step}>
              <UpIcon size={16} />
            </Step>
            <Step label="Older request" to={olderId} onStep={step}>
              <DownIcon size={16} />
            </Step>
            <Drawer.CloseButton aria-label="Close" size="lg" />
          </div>
        </Drawer.Header>
        <Drawer.Body>
          {error && <Problem error={error} onRetry={() => void refetch()} />}
          {!data && !error && <Skeleton h={320} aria-label="Loading the request" />}
          {data && (
            <div key={data.id}>
              {data.refusal && <RequestRefusal shown={data} refusal={data.refusal} />}
              <RequestFacts shown={data} />
            </div>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Title({ shown }: { readonly shown: LoggedRequest }) {
  return (
    <>
      <RequestStatus shown={shown} />
      <span>
        <Method name={shown.method} />{' '}
        <span className={shown.route === null ? undefined : 'mono'}>{shown.route ?? 'No route matched'}</span>
      </span>
    </>
  );
}

interface StepProps {
  readonly label: string;
  readonly to: string | undefined;
  readonly onStep: (to: string | undefined) => void;
  readonly children: React.ReactNode;
}

function Step({ label, to, onStep, children }: StepProps) {
  return (
    <ActionIcon
      variant="transparent"
      color="gray"
      className={classes['step']!}
      size="lg"
      aria-label={label}
      disabled={to === undefined}
      onClick={() => onStep(to)}
    >
      {children}
    </ActionIcon>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { keyQuery } from '../api/keys';
import type { Mend } from '../api/request-types';
import { ChangeButton } from '../shell/change-button';
import classes from './mend-list.module.css';

const RotateDialog = lazy(async () => ({ default: (await import('../key/rotate-dialog')).RotateDialog }));
const ResumeDialog = lazy(async () => ({ default: (await import('../key/resume-dialog')).ResumeDialog }));
const DIALOGS = { rotate: RotateDialog, resume: ResumeDialog };

interface Props {
  readonly keyId: string;
  readonly mends: readonly Mend[];
}

/** What would let a denied request through, with a button for each change that can be made here. */
export function MendList({ keyId, mends }: Props) {
  const [dialog, setDialog] = useState<keyof typeof DIALOGS>();
  const { data: key } = useQuery({ ...keyQuery(keyId), enabled: dialog !== undefined });
  const OpenDialog = dialog && DIALOGS[dialog];
  return (
    <>
      <ul className={classes['mends']} aria-label="Ways to fix it">
        {mends.map((mend) => (
          <li key={`${mend.action} ${mend.value}`} className={classes['mend']}>
            <span className={classes['words']}>{mend.message}</span>
            <MendButton
              keyId={keyId}
              mend={mend}
              onRotate={() => setDialog('rotate')}
              onResume={() => setDialog('resume')}
            />
          </li>
        ))}
      </ul>
      {OpenDialog && key && (
        <Suspense>
          <OpenDialog shown={key} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface ButtonProps {
  readonly keyId: string;
  readonly mend: Mend;
  readonly onRotate: () => void;
  readonly onResume: () => void;
}

/** Opens the form with the change made, for a user to look at and save. */
function MendButton({ keyId, mend: { action, value, role }, onRotate, onResume }: ButtonProps) {
  const navigate = useNavigate();
  if (role !== 'Admin') return null;
  const edit = (change: { grant?: string; allow?: string }) =>
    void navigate({ to: '/keys/$keyId', params: { keyId }, search: { tab: 'settings', ...change } });
  const button = { size: 'xs', variant: 'default' } as const;
  switch (action) {
    case 'grant_scope':
      return (
        <ChangeButton {...button} onClick={() => edit({ grant: value ?? '' })}>
          Grant {value}
        </ChangeButton>
      );
    case 'allow_address':
      return (
        <ChangeButton {...button} onClick={() => edit({ allow: value ?? '' })}>
          Allow {value}
        </ChangeButton>
      );
    case 'raise_limit':
      return (
        <ChangeButton {...button} onClick={() => edit({})}>
          Raise limit
        </ChangeButton>
      );
    case 'extend_expiry':
      return (
        <ChangeButton {...button} onClick={() => edit({})}>
          Extend expiry
        </ChangeButton>
      );
    case 'rotate':
      return (
        <ChangeButton {...button} onClick={onRotate}>
          Rotate key
        </ChangeButton>
      );
    case 'resume_key':
      return (
        <ChangeButton {...button} onClick={onResume}>
          Resume key
        </ChangeButton>
      );
    case 'create_key':
      return (
        <ChangeButton {...button} onClick={() => void navigate({ to: '/keys/new' })}>
          Generate new key
        </ChangeButton>
      );
    default:
      return null;
  }
}

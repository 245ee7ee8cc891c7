import { Alert, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ScopeUses } from '../api/wire';
import { ChangeButton } from '../shell/change-button';
import { InfoIcon } from '../shell/icons';
import { counted } from '../text/numbers';
import classes from './sufficient-scopes.module.css';

interface Props {
  readonly id: string;
  readonly uses: ScopeUses;
}

/** The scopes with which a key with full access would have made the same requests. */
export function SufficientScopes({ id, uses: { sufficient, observed_since } }: Props) {
  const navigate = useNavigate();
  if (sufficient.length === 0) return null;
  const since = new Date(observed_since).toLocaleDateString('en-GB', { dateStyle: 'medium' });
  return (
    <Alert
      color="blue"
      variant="light"
      icon={<InfoIcon />}
      title={`${counted(sufficient.length, 'scope')} would have been enough`}
    >
      <Text size="sm">Every request since {since} needed only:</Text>
      <ul className={classes['scopes']}>
        {sufficient.map((scope) => (
          <li key={scope}>
            <code>{scope}</code>
          </li>
        ))}
      </ul>
      <Group mt="sm">
        <ChangeButton
          size="xs"
          variant="default"
          onClick={() =>
            void navigate({
              to: '/keys/$keyId',
              params: { keyId: id },
              search: { tab: 'settings', scopes: sufficient.join(',') },
            })
          }
        >
          Limit to these scopes…
        </ChangeButton>
      </Group>
    </Alert>
  );
}

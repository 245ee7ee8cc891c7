import { Alert, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { checkQuery } from '../api/requests';
import type { CheckQuestion, LoggedRequest } from '../api/request-types';
import { checkCommand, checkCurl } from '../check/check-commands';
import { GuardList } from '../check/guard-list';
import { MendList } from '../check/mend-list';
import { CodeBlock } from '../shell/code-block';
import { WarningIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { GUARD_LABELS, reasonLabel } from '../text/reason-words';
import classes from './request-drawer.module.css';

interface Props {
  readonly shown: LoggedRequest;
  readonly refusal: NonNullable<LoggedRequest['refusal']>;
}

/** Why a request was denied, whether it still would be, and what would change that. */
export function RequestRefusal({ shown, refusal }: Props) {
  const question = questionOf(shown);
  return (
    <>
      <section className={classes['section']}>
        <Alert
          color="orange"
          variant="light"
          icon={<WarningIcon />}
          title={`Denied: ${reasonLabel(refusal.reason).toLowerCase()}`}
        >
          {refusal.message}
          <Text size="xs" c="dimmed" mt={6}>
            Decided by the {GUARD_LABELS[refusal.guard].toLowerCase()} check.
          </Text>
        </Alert>
      </section>
      {shown.key && question && <Now shownKey={shown.key} question={question} />}
      {shown.key && question && (
        <section className={classes['section']}>
          <h3>Reproduce</h3>
          {refusal.guard === 'authentication' ? (
            <CodeBlock label="command of the operator" text={checkCommand(shown.key.id, question)} />
          ) : (
            <CodeBlock label="curl" text={checkCurl(location.origin, question)} />
          )}
          <Text size="xs" c="dimmed" mt={8}>
            Asks what each check decides. The request itself isn't made, and nothing is counted.
          </Text>
        </section>
      )}
    </>
  );
}

/** Undefined without a route, which the log has no path of. A template of a route is as good as a path. */
function questionOf({ method, route, service, client_address: ip }: LoggedRequest): CheckQuestion | undefined {
  if (route === null) return undefined;
  return { method, path: route, ...(ip !== null && { ip }), ...(service !== null && { service }) };
}

interface NowProps {
  readonly shownKey: NonNullable<LoggedRequest['key']>;
  readonly question: CheckQuestion;
}

/** What the guards answer to the same request with the same credential now. */
function Now({ shownKey, question }: NowProps) {
  const { id, credential_id } = shownKey;
  const {
    data: answer,
    error,
    refetch,
  } = useQuery(checkQuery(id, { ...question, ...(credential_id !== null && { credential_id }) }));
  return (
    <section className={classes['section']}>
      <h3>{answer === undefined ? 'Now' : answer.allowed ? 'Now allowed' : 'Still denied'}</h3>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!answer && !error && <Skeleton h={120} aria-label="Checking the request" />}
      {answer && <GuardList guards={answer.guards} />}
      {answer && answer.mends.length > 0 && (
        <>
          <h3 style={{ marginTop: 20 }}>Ways to fix it</h3>
          <MendList keyId={id} mends={answer.mends} />
        </>
      )}
    </section>
  );
}

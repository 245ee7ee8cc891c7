import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { checkQuery } from '../api/requests';
import type { CheckQuestion } from '../api/request-types';
import type { ApiKey } from '../api/wire';
import { checkCurl } from '../check/check-commands';
import { GuardList } from '../check/guard-list';
import { MendList } from '../check/mend-list';
import { CodeBlock } from '../shell/code-block';
import { EmptyState } from '../shell/empty-state';
import { TestIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import type { KeyPageSearch } from './key-page-search';
import { TestForm } from './test-form';
import classes from './test-request.module.css';
import { questionOf } from './test-question';

interface Props {
  readonly shown: ApiKey;
  readonly search: KeyPageSearch;
}

/** Says what each guard would answer to a request with the key, without making it. The request is in the URL. */
export function TestRequest({ shown, search }: Props) {
  const navigate = useNavigate();
  const question = questionOf(search);
  const ask = (wanted: CheckQuestion) =>
    void navigate({
      to: '/keys/$keyId',
      params: { keyId: shown.id },
      search: { tab: 'test', ...wanted },
      replace: true,
    });
  return (
    <div className={classes['columns']}>
      <TestForm key={JSON.stringify(question)} shown={shown} question={question} onAsk={ask} />
      <section className="surface" aria-label="Result" aria-live="polite">
        {question ? (
          <Answer id={shown.id} question={question} />
        ) : (
          <EmptyState icon={<TestIcon size={22} />} title="Would this request be allowed?">
            Describe a request to see what each check decides, and how to fix what denies it. The request isn't made,
            and nothing is counted.
          </EmptyState>
        )}
      </section>
    </div>
  );
}

interface AnswerProps {
  readonly id: string;
  readonly question: CheckQuestion;
}

function Answer({ id, question }: AnswerProps) {
  const { data, error, refetch } = useQuery(checkQuery(id, question));
  if (error) {
    return (
      <div className={classes['answer']}>
        <Problem error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Skeleton h={280} radius="lg" aria-label="Testing the request" />;
  const { allowed, status, message, route, guards, mends } = data;
  return (
    <div className={classes['answer']}>
      <div className={classes['verdict']} data-allowed={allowed} data-testid="test-verdict">
        <h2>
          {allowed ? 'Allowed' : 'Denied'} <span className="number">{status}</span>
        </h2>
        <p>{message}</p>
        {route && (
          <p className="mono">
            {route.method} {route.path}
            {route.service && ` (${route.service})`}
          </p>
        )}
      </div>
      <GuardList guards={guards} />
      {mends.length > 0 && (
        <div>
          <h3>Ways to fix it</h3>
          <MendList keyId={id} mends={mends} />
        </div>
      )}
      <div>
        <h3>Ask from a terminal</h3>
        <CodeBlock label="curl" text={checkCurl(location.origin, question)} />
        <Text size="xs" c="dimmed" mt={8}>
          The holder of the key gets the same answer with this command.
        </Text>
      </div>
    </div>
  );
}

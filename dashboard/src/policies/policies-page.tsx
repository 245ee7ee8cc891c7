import '../form-styles';
import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keyPolicyQuery } from '../api/key-policy';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import classes from './policies-page.module.css';
import { PolicyForm } from './policy-form';
import { RulesSection } from './rules-section';
import { ViolatorsSection } from './violators-section';

export function PoliciesPage() {
  const { data: policy, error, refetch } = useQuery(keyPolicyQuery);
  return (
    <>
      <PageHeader
        title="Policies"
        description="Rules that every API key of this organization follows when it is created, changed or rotated."
      />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!policy && !error && <Skeleton h={320} radius="lg" aria-label="Loading the policies" />}
      {policy && (
        <div className={classes['columns']}>
          <PolicyForm policy={policy} />
          <Stack gap="md">
            <RulesSection policy={policy} />
            <ViolatorsSection />
          </Stack>
        </div>
      )}
    </>
  );
}

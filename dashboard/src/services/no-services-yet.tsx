import { Text } from '@mantine/core';
import { useSession } from '../api/session';
import { CodeBlock } from '../shell/code-block';
import { EmptyState } from '../shell/empty-state';
import { ServiceIcon } from '../shell/icons';

const EXAMPLE = `service: billing
label: Billing
resources:
  invoices:
    label: Invoices
    actions: [read, write]
routes:
  - GET /invoices             invoices:read
  - POST,PATCH /invoices/**   invoices:write`;

/** Owners learn how to declare a service: the same company may operate the server. */
export function NoServicesYet() {
  const isOwner = useSession().role.name === 'Owner';
  return (
    <div className="surface">
      <EmptyState icon={<ServiceIcon size={24} />} title="No services yet">
        {isOwner ? (
          <>
            <Text c="dimmed" ta="center">
              To protect an API of your own with these keys, describe its scopes and routes in a file, and apply it with{' '}
              <span className="mono">gatehouse service apply -f billing.yaml</span>. The steps are in{' '}
              <span className="mono">docs/your-own-service.md</span> of the repository.
            </Text>
            <div style={{ width: '100%' }}>
              <CodeBlock label="Example of a declaration" text={EXAMPLE} />
            </div>
          </>
        ) : (
          'Here are the APIs that your keys can call besides the built-in resources, once one is declared.'
        )}
      </EmptyState>
    </div>
  );
}

import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { servicesQuery } from '../api/services';
import type { Service } from '../api/wire';
import linkClasses from '../keys/key-link.module.css';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { RecordCell, RecordRow, RecordTable } from '../shell/record-table';
import { counted } from '../text/numbers';
import { NoServicesYet } from './no-services-yet';

export function ServicesPage() {
  const { data: services, error, refetch } = useQuery(servicesQuery);
  return (
    <>
      <PageHeader title="Services" description="APIs behind Gatehouse that the keys of this organization can call." />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!services && !error && <Skeleton h={200} radius="lg" aria-label="Loading services" />}
      {services?.length === 0 && <NoServicesYet />}
      {services && services.length > 0 && (
        <RecordTable label="Services" columns={['Service', 'Scopes', 'Routes', 'Keys']}>
          {services.map((service) => (
            <ServiceRow key={service.service} shown={service} />
          ))}
        </RecordTable>
      )}
    </>
  );
}

function ServiceRow({
  shown: { service, label, description, resources, routes, key_count },
}: {
  readonly shown: Service;
}) {
  const scopes = resources.reduce((sum, { actions }) => sum + actions.length, 0);
  return (
    <RecordRow>
      <RecordCell place="line">
        <Link to="/services/$service" params={{ service }} className={linkClasses['link']!}>
          {label}
        </Link>{' '}
        <Text span className="mono" c="dimmed">
          {service}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} maw={560}>
          {description}
        </Text>
      </RecordCell>
      <RecordCell className="time number">{counted(scopes, 'scope')}</RecordCell>
      <RecordCell className="time number">{counted(routes.length, 'route')}</RecordCell>
      <RecordCell className="time number">{counted(key_count, 'key')}</RecordCell>
    </RecordRow>
  );
}

import { Anchor, Badge, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { servicesQuery } from '../api/services';
import type { Service } from '../api/wire';
import classes from '../new-key/new-key-page.module.css';
import { BackIcon } from '../shell/icons';
import { NoSuchPage } from '../shell/no-such-page';
import { PageHeader } from '../shell/page-header';
import { Problem } from '../shell/problem';
import { ServiceKeys } from './service-keys';
import { ServiceRoutes } from './service-routes';
import { ServiceScopes } from './service-scopes';
import own from './service-page.module.css';

const route = getRouteApi('/services/$service');

export function ServicePage() {
  const { service: slug } = route.useParams();
  const { data: services, error, refetch } = useQuery(servicesQuery);
  const shown = services?.find(({ service }) => service === slug);
  if (services && !shown) return <NoSuchPage />;
  return (
    <>
      <Anchor component={Link} to="/services" size="sm" className={classes['back']!}>
        <BackIcon size={16} /> Services
      </Anchor>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!shown && !error && <Skeleton h={320} radius="lg" aria-label="Loading the service" />}
      {shown && <Shown key={slug} service={shown} />}
    </>
  );
}

function Shown({ service }: { readonly service: Service }) {
  const { service: slug, label, description, url } = service;
  return (
    <>
      <PageHeader
        title={label}
        marks={
          <Badge variant="default" size="sm" tt="none" className="mono">
            {slug}
          </Badge>
        }
        description={
          <>
            {description}
            {url && <span className={`mono ${own['url']}`}>{url}</span>}
          </>
        }
      />
      <div className={own['columns']}>
        <ServiceRoutes routes={service.routes} />
        <Stack gap="md">
          <ServiceScopes resources={service.resources} />
          <ServiceKeys service={service} />
        </Stack>
      </div>
    </>
  );
}

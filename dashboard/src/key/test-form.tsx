import { Button, NativeSelect, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CheckQuestion } from '../api/request-types';
import { scopesQuery } from '../api/scopes';
import { servicesQuery } from '../api/services';
import { useSession } from '../api/session';
import type { ApiKey } from '../api/wire';
import { scopesOf } from '../key-form/scope-groups';
import { Section } from '../key-form/section';
import { validateAddress } from '../key-form/validate-address';
import { pathOf } from './test-question';
import classes from './test-request.module.css';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const MODES = [
  { value: 'path', label: 'Method and path' },
  { value: 'scope', label: 'Scope' },
];

interface Props {
  readonly shown: ApiKey;
  /** What was asked last. */
  readonly question: CheckQuestion | undefined;
  readonly onAsk: (question: CheckQuestion) => void;
}

export function TestForm({ shown, question, onAsk }: Props) {
  const [isByScope, setByScope] = useState(question?.scope !== undefined);
  const [method, setMethod] = useState(question?.method ?? 'GET');
  const [path, setPath] = useState(question?.path ?? '');
  const [service, setService] = useState(question?.service ?? '');
  const [scope, setScope] = useState<string | null>(question?.scope ?? null);
  const [ip, setIp] = useState(question?.ip ?? '');
  const [origin, setOrigin] = useState(question?.origin ?? '');
  const [problems, setProblems] = useState<{ readonly path?: string; readonly ip?: string; readonly origin?: string }>(
    {},
  );
  const isTyped = shown.type !== 'standard';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = {
      ...(!isByScope && pathOf(path) === '' && { path: 'Enter a path.' }),
      ...(ip !== '' && (validateAddress(ip) !== undefined || ip.includes('/')) && { ip: 'Enter one IP address.' }),
      ...(origin !== '' && !URL.canParse(origin) && { origin: 'Enter an origin, such as https://example.com.' }),
    };
    setProblems(found);
    if (Object.keys(found).length > 0 || (isByScope && scope === null)) return;
    const conditions = { ...(ip && { ip }), ...(origin && { origin: new URL(origin).origin }) };
    if (isByScope) onAsk({ scope: scope!, ...conditions });
    else onAsk({ method, path: pathOf(path), ...(service && { service }), ...conditions });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Section title="Test a request" hint="What would the gateway decide?">
        <Stack gap="md">
          {!isTyped && (
            <SegmentedControl
              data={MODES}
              value={isByScope ? 'scope' : 'path'}
              onChange={(mode) => setByScope(mode === 'scope')}
              aria-label="Test by"
            />
          )}
          {isByScope ? (
            <ScopeSelect value={scope} onChange={setScope} />
          ) : (
            <>
              <ServiceSelect value={service} onChange={setService} />
              <div className={classes['request']}>
                <NativeSelect
                  label="Method"
                  data={METHODS}
                  value={method}
                  onChange={({ currentTarget }) => setMethod(currentTarget.value)}
                />
                <TextInput
                  label="Path"
                  placeholder="/contacts/123"
                  value={path}
                  onChange={({ currentTarget }) => setPath(currentTarget.value)}
                  error={problems.path}
                  maxLength={2_000}
                  spellCheck={false}
                  autoCapitalize="off"
                />
              </div>
            </>
          )}
          <TextInput
            label="Client IP"
            description="Needed if the key allows only some IPs."
            placeholder="203.0.113.7"
            value={ip}
            onChange={({ currentTarget }) => setIp(currentTarget.value.trim())}
            error={problems.ip}
          />
          {isTyped && (
            <TextInput
              label="Page origin"
              placeholder="https://example.com"
              value={origin}
              onChange={({ currentTarget }) => setOrigin(currentTarget.value.trim())}
              error={problems.origin}
            />
          )}
          <Button type="submit">Test</Button>
        </Stack>
      </Section>
    </form>
  );
}

interface ScopeProps {
  readonly value: string | null;
  readonly onChange: (scope: string | null) => void;
}

function ScopeSelect({ value, onChange }: ScopeProps) {
  const { data: catalogue } = useQuery(scopesQuery);
  return (
    <Select
      label="Scope"
      placeholder="contacts:read"
      data={[...new Set(catalogue?.items.flatMap(scopesOf))]}
      value={value}
      onChange={onChange}
      searchable
      nothingFoundMessage="No scopes match"
    />
  );
}

interface ServiceProps {
  readonly value: string;
  readonly onChange: (service: string) => void;
}

/** Only where services are declared. */
function ServiceSelect({ value, onChange }: ServiceProps) {
  const { has_services } = useSession();
  const { data: services = [] } = useQuery({ ...servicesQuery, enabled: has_services });
  if (!has_services) return null;
  return (
    <NativeSelect
      label="API"
      data={[
        { value: '', label: 'Built-in API' },
        ...services.map(({ service, label }) => ({ value: service, label })),
      ]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

import { Checkbox, Input, Radio, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { eventTypesQuery } from '../api/webhooks';
import { Problem } from '../shell/problem';
import { type EventGroup, EVERY_EVENT, groupsOf, toggledEvent, toggledGroup } from './event-groups';
import classes from './events-picker.module.css';

interface Props {
  readonly value: readonly string[];
  readonly onChange: (events: string[]) => void;
  readonly error?: ReactNode;
}

/** All events, or those of some groups, or single ones. */
export function EventsPicker({ value, onChange, error }: Props) {
  const { data, error: failure, refetch } = useQuery(eventTypesQuery);
  const isAll = value.includes(EVERY_EVENT);
  return (
    <Input.Wrapper label="Events" labelElement="div" error={error}>
      <Radio.Group
        aria-label="Events"
        value={isAll ? 'all' : 'some'}
        onChange={(chosen) => onChange(chosen === 'all' ? [EVERY_EVENT] : [])}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="some" label="Only the events chosen below" />
          <Radio value="all" label="All events" description="Also those that are added later." />
        </Stack>
      </Radio.Group>
      {failure && <Problem error={failure} onRetry={() => void refetch()} />}
      {!data && !failure && !isAll && <Skeleton h={160} mt="sm" aria-label="Loading the events" />}
      {data && !isAll && (
        <div className={classes['groups']}>
          {groupsOf(data).map((group) => (
            <Group key={group.all} group={group} value={value} onChange={onChange} />
          ))}
        </div>
      )}
    </Input.Wrapper>
  );
}

interface GroupProps extends Pick<Props, 'value' | 'onChange'> {
  readonly group: EventGroup;
}

function Group({ group, value, onChange }: GroupProps) {
  const { all, label, events } = group;
  const isWhole = value.includes(all);
  const some = events.some(({ type }) => value.includes(type));
  return (
    <fieldset className={classes['group']}>
      <legend>
        <Checkbox
          size="xs"
          label={label}
          aria-label={`All events of ${label}`}
          checked={isWhole}
          indeterminate={!isWhole && some}
          onChange={() => onChange(toggledGroup(value, group))}
        />
      </legend>
      {events.map(({ type, description }) => (
        <Checkbox
          key={type}
          size="xs"
          label={<span className="mono">{type}</span>}
          description={description}
          checked={isWhole || value.includes(type)}
          onChange={() => onChange(toggledEvent(value, group, type))}
        />
      ))}
    </fieldset>
  );
}

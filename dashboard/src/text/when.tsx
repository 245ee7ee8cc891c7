import { date, dateAndTime, relative, time, utc } from './dates';

const FORMS = { full: dateAndTime, date, time, relative };

/** A time in the time zone of the viewer, and in UTC on hover. */
export function When({ at, as = 'full' }: { readonly at: string; readonly as?: keyof typeof FORMS }) {
  const title = as === 'relative' ? `${dateAndTime(at)} · ${utc(at)}` : utc(at);
  return (
    <time dateTime={at} title={title}>
      {FORMS[as](at)}
    </time>
  );
}

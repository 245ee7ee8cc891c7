import type { FormEventHandler, KeyboardEvent, ReactNode } from 'react';

interface Props {
  readonly onSubmit: FormEventHandler<HTMLFormElement>;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A form that only its button submits, because Enter in a field would create a key or save half a change. */
export function ButtonForm({ onSubmit, className, children }: Props) {
  return (
    // Key events bubble up from the fields.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the form takes no focus
    <form noValidate onSubmit={onSubmit} onKeyDown={ignoreEnter} className={className}>
      {children}
    </form>
  );
}

function ignoreEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
}

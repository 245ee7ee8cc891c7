import { Button, CopyButton } from '@mantine/core';
import classes from './code-block.module.css';
import { CheckIcon, CopyIcon } from './icons';

interface Props {
  /** The label of the copy button. */
  readonly label: string;
  readonly text: string;
}

/** Code with a copy button. */
export function CodeBlock({ label, text }: Props) {
  return (
    <figure className={classes['block']} aria-label={label}>
      <pre className={classes['text']}>{text}</pre>
      <CopyButton value={text} timeout={2_000}>
        {({ copied, copy }) => (
          <Button
            className={classes['copy']!}
            size="compact-sm"
            variant="default"
            leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
            onClick={copy}
            aria-live="polite"
          >
            {copied ? 'Copied' : 'Copy'}
            <span className="visually-hidden"> {label}</span>
          </Button>
        )}
      </CopyButton>
    </figure>
  );
}

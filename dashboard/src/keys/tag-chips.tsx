import { Link } from '@tanstack/react-router';
import classes from './tag-chips.module.css';

interface Props {
  readonly tags: readonly string[];
}

/** The tags of a key, each with a link to the keys that have it. */
export function TagLinks({ tags }: Props) {
  return (
    <span className={classes['tags']}>
      {tags.map((tag) => (
        <Link key={tag} to="/" search={{ tag: [tag] }} className={classes['tag']!} title={`Keys with the tag ${tag}`}>
          {tag}
        </Link>
      ))}
    </span>
  );
}

const SHOWN_MAX = 2;

/** The first tags of a row; the others are a number with their names in its tooltip. */
export function RowTags({ tags }: Props) {
  if (tags.length === 0) return null;
  const more = tags.slice(SHOWN_MAX);
  return (
    <span className={classes['row']}>
      {tags.slice(0, SHOWN_MAX).map((tag) => (
        <span key={tag} className={classes['tag']} title={tag}>
          {tag}
        </span>
      ))}
      {more.length > 0 && (
        <span className={classes['more']} title={more.join('\n')}>
          <span aria-hidden>+{more.length}</span>
          <span className="visually-hidden">and {more.join(', ')}</span>
        </span>
      )}
    </span>
  );
}

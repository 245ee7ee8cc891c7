import { Link } from '@tanstack/react-router';
import type { ApiKey } from '../api/wire';
import classes from './key-link.module.css';

export function KeyLink({ to: { id, name } }: { readonly to: Pick<ApiKey, 'id' | 'name'> }) {
  return (
    <Link to="/keys/$keyId" params={{ keyId: id }} className={classes['link']!}>
      {name}
    </Link>
  );
}

import { Problem } from './problem';

/** Also when a part of a page can't be loaded: after a deployment the old one is gone. */
export function PageFailed({ error }: { readonly error: unknown }) {
  return <Problem error={error as Error} onRetry={() => location.reload()} />;
}

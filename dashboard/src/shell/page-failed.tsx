import { Problem } from './problem';

/** Also shown if a chunk can't be loaded, which a deployment has replaced. */
export function PageFailed({ error }: { readonly error: unknown }) {
  return <Problem error={error as Error} onRetry={() => location.reload()} />;
}

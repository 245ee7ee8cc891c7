import { useMutation, type UseMutationOptions } from '@tanstack/react-query';

interface Outcome<Result> {
  readonly onSuccess?: (result: Result) => void;
  readonly onError?: (error: Error) => void;
}

/**
 * A mutation. The outcome of `mutate` also arrives when the change unmounts the component that asked for it, as a
 * refreshed list often does; TanStack Query drops it then.
 */
export function useChange<Result, Body = void>(options: UseMutationOptions<Result, Error, Body>) {
  const { mutateAsync, isPending, isSuccess, error } = useMutation(options);
  const mutate = (body: Body, { onSuccess, onError }: Outcome<Result> = {}): void =>
    void mutateAsync(body).then(onSuccess, (failure: Error) => onError?.(failure));
  return { mutate, isPending, isSuccess, error };
}

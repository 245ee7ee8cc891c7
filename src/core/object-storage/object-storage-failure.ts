/** The reason why the object storage did not do what was asked. */
export type ObjectStorageReason =
  /** No connection, or an answer that asks for a retry (5xx, 429). */
  | 'unreachable'
  | 'timeout'
  /** A wrong setting, a missing right or bucket, or content that doesn't match its checksum. */
  | 'refused';

/** `message` is for the log: the operation, the object and the store's own error code. */
export class ObjectStorageFailure extends Error {
  constructor(
    readonly reason: ObjectStorageReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

import type { ObjectStorageConfig } from './object-storage-settings.js';
import type { SettingReader } from './setting-reader.js';

export interface AuditExportConfig {
  /** URLs of receivers: https, syslog+tls or s3. Empty: the audit stays in the database. */
  readonly urls: readonly string[];
  /** The Authorization header for https. */
  readonly authorization: string | undefined;
  /** PEM. Certificate authorities besides the system's; a client certificate and its key. */
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export function auditExportOf(read: SettingReader, objectStorage: ObjectStorageConfig | undefined): AuditExportConfig {
  const urls = read.urlList('AUDIT_EXPORT_URL', ['https', 'syslog+tls', 's3']);
  if (objectStorage === undefined && urls.some((url) => url.startsWith('s3:'))) {
    read.refuse(
      'AUDIT_EXPORT_URL',
      'with s3:// requires the settings of S3_BUCKET, for the endpoint and its credentials',
    );
  }
  const file = (name: string) => read.text(name, '') || undefined;
  const certFile = file('AUDIT_EXPORT_CERT_FILE');
  const keyFile = file('AUDIT_EXPORT_KEY_FILE');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    read.refuse('AUDIT_EXPORT_CERT_FILE', 'and AUDIT_EXPORT_KEY_FILE are set together');
  }
  return {
    urls,
    authorization: read.optionalMatching('AUDIT_EXPORT_AUTHORIZATION', /^[\x21-\x7e]+( [\x21-\x7e]+)*$/),
    caFile: file('AUDIT_EXPORT_CA_FILE'),
    certFile,
    keyFile,
  };
}

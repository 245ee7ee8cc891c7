import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContextOptions } from 'node:tls';
import type { Config } from '../../../core/config/config.js';
import { serverVersion } from '../../../core/config/version.js';
import { ObjectStorage } from '../../../core/object-storage/object-storage.js';
import type { ExportSink } from './export-sink.js';
import { HttpsSink } from './https-sink.js';
import { ObjectSink } from './object-sink.js';
import { SyslogFormat } from './syslog-message.js';
import { SyslogSink } from './syslog-sink.js';

type Settings = Pick<Config, 'auditExport' | 'objectStorage' | 'publicUrl'>;

/** RFC 5425 section 4.1. */
const SYSLOG_TLS_PORT = 6514;
const DIGITS_OF_PATH = 12;

/** Returns the names of the configured sinks. */
export function sinkNames({ auditExport }: Pick<Config, 'auditExport'>): string[] {
  return auditExport.urls.map(nameOf);
}

/** Returns problems with the files of the export, for the start. */
export async function auditExportProblems({ auditExport }: Pick<Config, 'auditExport'>): Promise<string[]> {
  try {
    createSecureContext(await tlsOf(auditExport));
    return [];
  } catch (error) {
    return [`AUDIT_EXPORT_CA_FILE, AUDIT_EXPORT_CERT_FILE or AUDIT_EXPORT_KEY_FILE: ${(error as Error).message}`];
  }
}

export async function openSinks({ auditExport, objectStorage, publicUrl }: Settings): Promise<ExportSink[]> {
  const tls = await tlsOf(auditExport);
  return auditExport.urls.map((text): ExportSink => {
    const url = new URL(text);
    if (url.protocol === 'https:') return new HttpsSink(nameOf(text), text, auditExport.authorization, tls);
    if (url.protocol === 's3:') {
      const prefix = url.pathname.replace(/^\/|\/$/g, '');
      const place = { bucket: url.hostname, prefix: prefix === '' ? '' : `${prefix}/` };
      return new ObjectSink(nameOf(text), new ObjectStorage({ ...objectStorage!, ...place }));
    }
    const target = { ...tls, host: hostOf(url), port: Number(url.port || SYSLOG_TLS_PORT), servername: hostOf(url) };
    return new SyslogSink(nameOf(text), target, new SyslogFormat(new URL(publicUrl).hostname, serverVersion()));
  });
}

/** A path or query can be a credential of the receiver, so only its digest is stored and shown. */
function nameOf(text: string): string {
  const { protocol, host, pathname, search } = new URL(text);
  if (protocol === 's3:') return text;
  const rest = `${pathname}${search}`;
  return `${protocol}//${host}${rest.length > 1 ? `/#${hash('sha256', rest).slice(0, DIGITS_OF_PATH)}` : ''}`;
}

/** URLs have brackets around an IPv6 address, sockets don't. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

async function tlsOf({ caFile, certFile, keyFile }: Config['auditExport']): Promise<SecureContextOptions> {
  const read = async (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)]);
  // A given list would replace the built-in one.
  return { ...(ca !== undefined && { ca: [...rootCertificates, ca] }), cert, key };
}

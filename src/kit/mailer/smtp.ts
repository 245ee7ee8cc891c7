import type { Transporter } from 'nodemailer';
import type { Log } from '../../core/logging/log.js';

/** Connections per process. */
export const MAIL_CONNECTIONS = 3;
const CONNECT_MS = 10_000;
const SILENCE_MS = 60_000;

/** Signs a message for its domain (RFC 6376). */
export interface DkimSigner {
  readonly domainName: string;
  readonly keySelector: string;
  readonly privateKey: string;
}

/** A message as passed to nodemailer. */
export interface OutgoingMail {
  /** The same for each attempt, so that recipients can detect duplicates. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Message-IDs of the thread, oldest first. */
  readonly references: readonly string[];
  /** Where one click unsubscribes the recipient (RFC 8058). */
  readonly unsubscribeUrl?: string | undefined;
  readonly dkim?: DkimSigner | undefined;
}

/** Client of the configured mail server with a small connection pool. */
export class Smtp {
  #opened: Promise<Transporter> | undefined;

  constructor(
    private readonly url: string,
    private readonly log: Log,
  ) {}

  /** Resolves once the server accepted the message. @throws Error of nodemailer; `refusalOf` classifies it */
  async send(mail: OutgoingMail, signal: AbortSignal): Promise<void> {
    const { messageId, from, to, subject, html, text, references, unsubscribeUrl, dkim } = mail;
    const transporter = await (this.#opened ??= this.#open());
    await transporter.sendMail({
      messageId,
      // As objects, because a comma in a string would separate two addresses.
      from,
      to: { name: '', address: to },
      envelope: { from: from.address, to: [to] },
      // Only servers with the DSN extension (RFC 3461) are told.
      dsn: { return: 'headers', notify: ['failure'] },
      subject,
      html,
      text,
      ...(references.length > 0 && { references: [...references], inReplyTo: references.at(-1)! }),
      ...(unsubscribeUrl !== undefined && { headers: unsubscribeHeaders(unsubscribeUrl) }),
      ...(dkim && { dkim }),
      signal,
    });
  }

  async close(): Promise<void> {
    (await this.#opened)?.close();
  }

  /** Loads nodemailer on first use. */
  async #open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const transporter = createTransport({
      pool: true,
      url: this.url,
      maxConnections: MAIL_CONNECTIONS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // Covers a pooled connection that the server closed. The job handles all other retries.
      maxRequeues: 1,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    transporter.on('error', (error) => this.log.warn({ err: error }, 'a connection to the mail server broke'));
    return transporter;
  }
}

function unsubscribeHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

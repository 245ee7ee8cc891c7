import type { Transporter } from 'nodemailer';
import type { Log } from '../../core/logging/log.js';

/** To the mail server, from one process. */
export const MAIL_CONNECTIONS = 3;
const CONNECT_MS = 10_000;
const SILENCE_MS = 60_000;

/** A message as it goes out. */
export interface OutgoingMail {
  /** The same at each try, so that one that arrives twice is known for the same. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The configured mail server, over a few connections that are kept open. */
export class Smtp {
  #opened: Promise<Transporter> | undefined;

  constructor(
    private readonly url: string,
    private readonly log: Log,
  ) {}

  /** Resolves when the server has taken it. @throws Error as nodemailer makes it; `refusalOf` knows which are for good */
  async send({ messageId, from, to, subject, html, text }: OutgoingMail, signal: AbortSignal): Promise<void> {
    const transporter = await (this.#opened ??= this.#open());
    await transporter.sendMail({
      messageId,
      // As parts: of a text, a comma would make two addresses.
      from,
      to: { name: '', address: to },
      envelope: { from: from.address, to: [to] },
      subject,
      html,
      text,
      signal,
    });
  }

  async close(): Promise<void> {
    (await this.#opened)?.close();
  }

  /** Loads nodemailer with the first mail. */
  async #open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const transporter = createTransport({
      pool: true,
      url: this.url,
      maxConnections: MAIL_CONNECTIONS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // For one that the server has closed in the meantime; all else is the job's business.
      maxRequeues: 1,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    transporter.on('error', (error) => this.log.warn({ err: error }, 'a connection to the mail server broke'));
    return transporter;
  }
}

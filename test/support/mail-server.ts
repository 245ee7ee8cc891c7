import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  /** The recipients of the envelope. */
  readonly from: string;
  readonly to: string;
  /** Unfolded headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  /** Which reports the client asked for (RFC 3461). */
  readonly dsn: { readonly ret: string | null; readonly notify: readonly string[] };
}

/** A mail server that accepts all mail by default. */
export class MailServer {
  /** In the order of acceptance. */
  readonly received: ReceivedMail[] = [];
  /** Error replies to recipients. */
  readonly refusals = new Map<string, { code: number; text: string }>();
  /** Runs before a mail is accepted. */
  beforeTaking: (mail: ReceivedMail) => Promise<void> = async () => undefined;
  #server: SMTPServer | undefined;
  port = 0;

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await server.start();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  get recipients(): string[] {
    return this.received.map(({ to }) => to);
  }

  /** Listens on its earlier port if it ran before. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      hideDSN: false,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        const refusal = this.refusals.get(address);
        done(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
      },
      onData: (stream, session, done) => void this.#take(stream, session).then(() => done(), done),
    });
    // Killed clients close connections at any time.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.server.address() as { port: number }).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server!.close(resolve));
  }

  async #take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const raw = await text(stream);
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const to = envelope.rcptTo.map(({ address }) => address).join();
    const dsn = { ret: envelope.dsn?.ret ?? null, notify: envelope.rcptTo[0]?.dsn?.notify ?? [] };
    const mail = { from, to, headers: headersOf(raw), raw, dsn };
    await this.beforeTaking(mail);
    this.received.push(mail);
  }
}

function headersOf(raw: string): Record<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const lines = head.split('\r\n').map((line) => line.split(/: ?(.*)/s));
  return Object.fromEntries(lines.map(([name, value]) => [name!.toLowerCase(), value!]));
}
